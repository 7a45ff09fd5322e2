import { readJson } from '../domain/json';
import { readWebhookHeaders, type SignedHeaders, type WebhookHeaders } from './read-request';
import { isSignedBy, type VerificationKey, verificationKeys } from './verification-key';
import { WebhookVerificationError } from './webhook-verification-error';

export interface VerifyWebhookInput {
  readonly headers: WebhookHeaders;
  /** The raw bytes of the body, never a parsed value. */
  readonly body: Uint8Array | ArrayBuffer | string;
  /** Any of `whsec_…`, `whpk_…`, `whsk_…`; one that matches is enough, so that a secret can be rotated. */
  readonly secrets: readonly string[];
  /** How far apart the sender's clock and this one may be, and how old a request may be. Default: 300. */
  readonly toleranceSeconds?: number | undefined;
  /** Default: the system's clock. */
  readonly now?: Date | undefined;
}

export interface VerifiedWebhook {
  /** `webhook-id`: the same at every attempt of the same event, so deduplicate by it. */
  readonly id: string;
  /** When this attempt was sent; the payload says when the event happened. */
  readonly timestamp: Date;
  /** The body parsed as JSON, on first access. Throws SyntaxError if it is not JSON. */
  readonly payload: unknown;
}

const DEFAULT_TOLERANCE_SECONDS = 300;

/**
 * Verifies that a request comes from a holder of the secret, is recent, and has the body that was sent.
 * Source: Standard Webhooks, "Verifying signatures" (https://www.standardwebhooks.com).
 * @throws {WebhookVerificationError} if the request is not authentic
 * @throws {TypeError} without secrets, or where `toleranceSeconds` or `now` is not a number
 * @throws {SecretKeyError} for an invalid secret
 */
export function verifyWebhook(input: VerifyWebhookInput): VerifiedWebhook {
  const keys = verificationKeys(input.secrets);
  const signed = checkWebhookHeaders(input);
  const body = bytesOf(input.body);
  requireSignature(signed, body, keys);
  return verified(signed, body);
}

/**
 * What can be known of a request before its body is read: that its headers are there and recent, and signed in a way that
 * one of the secrets can check.
 * @throws as {@link verifyWebhook}
 */
export function checkWebhookHeaders(input: Omit<VerifyWebhookInput, 'body'>): SignedHeaders {
  const { secrets, toleranceSeconds = DEFAULT_TOLERANCE_SECONDS, now = new Date() } = input;
  const keys = verificationKeys(secrets);
  const signed = readWebhookHeaders(input.headers);
  requireRecent(Number(signed.timestamp), toleranceSeconds, now);
  requireScheme(signed, keys);
  return signed;
}

function bytesOf(body: unknown): Uint8Array {
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  throw new WebhookVerificationError(
    'body_reserialized',
    'the body is a parsed value; pass the raw bytes of the request (in Express: express.raw({ type: "*/*" }))',
  );
}

/**
 * `Number(process.env.…)` of a variable that is not set is NaN, and no age is more than that: every replay would be taken.
 * @throws {TypeError}
 */
export function checkTolerance(toleranceSeconds: number): void {
  if (!(toleranceSeconds >= 0)) {
    throw new TypeError(`toleranceSeconds must be a number of 0 or more; it is ${toleranceSeconds}`);
  }
}

function requireRecent(timestampSeconds: number, toleranceSeconds: number, now: Date): void {
  checkTolerance(toleranceSeconds);
  if (Number.isNaN(now.getTime())) throw new TypeError('now must be a valid Date');
  const ageSeconds = now.getTime() / 1000 - timestampSeconds;
  const difference = `${Math.round(Math.abs(ageSeconds))} s, more than the tolerance of ${toleranceSeconds} s`;
  if (ageSeconds > toleranceSeconds) {
    throw new WebhookVerificationError('stale', `sent ${difference}, ago; refuse it, the sender retries`);
  }
  if (-ageSeconds > toleranceSeconds) {
    throw new WebhookVerificationError('future', `sent ${difference}, from now; check the clock of this machine`);
  }
}

function requireScheme(signed: SignedHeaders, keys: readonly VerificationKey[]): void {
  if (signed.signatures.some(({ scheme }) => keys.some((key) => key.scheme === scheme))) return;
  const sent = [...new Set(signed.signatures.map(({ scheme }) => scheme))].join(', ');
  throw new WebhookVerificationError(
    'unsupported_scheme',
    `signed with ${sent}, which none of the secrets can check (whsec_ is for v1, whpk_ and whsk_ for v1a)`,
  );
}

function requireSignature(signed: SignedHeaders, body: Uint8Array, keys: readonly VerificationKey[]): void {
  if (isSigned(signed, body, keys)) return;
  const compact = compactJson(body);
  if (compact !== undefined && isSigned(signed, compact, keys)) {
    throw new WebhookVerificationError(
      'body_reserialized',
      'the body was parsed and serialized again with other white space; verify the raw bytes of the request',
    );
  }
  throw new WebhookVerificationError(
    'wrong_key',
    'no signature matches; check that this endpoint has the secret the sender uses, and that the body is untouched',
  );
}

function isSigned(
  { id, timestamp, signatures }: SignedHeaders,
  body: Uint8Array,
  keys: readonly VerificationKey[],
): boolean {
  const prefix = `${id}.${timestamp}.`;
  return keys.some((key) => {
    const ofItsScheme = signatures.flatMap(({ scheme, bytes }) => (scheme === key.scheme ? [bytes] : []));
    return isSignedBy(key, ofItsScheme, prefix, body);
  });
}

/** Larger bodies are not checked twice: the request is not authenticated. */
const MAX_COMPACTED_BYTES = 64 * 1024;

/** jobherald writes JSON without white space: a body with some may be the same one, serialized again on the way. */
function compactJson(body: Uint8Array): Uint8Array | undefined {
  if (body.byteLength > MAX_COMPACTED_BYTES) return undefined;
  try {
    return Buffer.from(JSON.stringify(JSON.parse(textOf(body))));
  } catch {
    return undefined;
  }
}

function verified({ id, timestamp }: SignedHeaders, body: Uint8Array): VerifiedWebhook {
  let parsed: { readonly value: unknown } | undefined;
  return {
    id,
    timestamp: new Date(Number(timestamp) * 1000),
    get payload() {
      parsed ??= { value: readJson(textOf(body)) };
      return parsed.value;
    },
  };
}

function textOf(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}
