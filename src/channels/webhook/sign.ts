import { createHmac, createPrivateKey, createSecretKey, sign as signAsymmetric } from 'node:crypto';
import type { WebhookEndpoint } from '../../config/config';
import type { Message } from '../../domain/message';
import { ed25519Pkcs8, parseSecretKey } from '../../domain/secret-key';

/** A key ready to sign with. It stays inside the function, so that no log can show it. */
export interface SigningKey {
  /** `v1`: HMAC-SHA256 · `v1a`: ed25519. */
  readonly scheme: 'v1' | 'v1a';
  /** The signature in base64 of a text and the bytes after it. */
  readonly sign: (prefix: string, body: Uint8Array) => string;
}

/**
 * @param text `whsec_…` or `whsk_…`
 * @throws {SecretKeyError}
 */
export function signingKey(text: string): SigningKey {
  const secret = parseSecretKey(text);
  if (secret.kind === 'whsec') {
    const key = createSecretKey(secret.bytes);
    const hmac = (prefix: string, body: Uint8Array) =>
      createHmac('sha256', key).update(prefix).update(body).digest('base64');
    return { scheme: 'v1', sign: hmac };
  }
  const der = Buffer.from(ed25519Pkcs8(secret.seed));
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  // node:crypto has no streaming ed25519.
  const ed25519 = (prefix: string, body: Uint8Array) =>
    signAsymmetric(null, Buffer.concat([Buffer.from(prefix), body]), key).toString('base64');
  return { scheme: 'v1a', sign: ed25519 };
}

/**
 * The value of `webhook-signature`: one signature per key, separated by spaces, so that a receiver may hold the old
 * or the new key while a secret is rotated.
 * Source: Standard Webhooks, "Signature scheme" (https://www.standardwebhooks.com).
 * @param timestampSeconds whole Unix seconds, the same as in `webhook-timestamp`; a text is for tests of receivers
 */
export function sign(
  id: string,
  timestampSeconds: number | string,
  body: Uint8Array,
  keys: readonly SigningKey[],
): string {
  const prefix = `${id}.${timestampSeconds}.`;
  return keys.map((key) => `${key.scheme},${key.sign(prefix, body)}`).join(' ');
}

export interface RequestHeadersInput {
  readonly endpoint: Pick<WebhookEndpoint, 'headers'>;
  readonly message: Message;
  readonly timestampSeconds: number | string;
  /** Absent for an unsigned endpoint. */
  readonly signature?: string | undefined;
  readonly userAgent: string;
}

/** The headers of one attempt. Ours override the format's, and those override the endpoint's own. */
export function requestHeaders(input: RequestHeadersInput): Record<string, string> {
  const { endpoint, message } = input;
  const headers: Record<string, string> = {
    ...endpoint.headers,
    ...message.headers,
    'content-type': message.content_type,
    'user-agent': input.userAgent,
    'webhook-id': message.id,
    'webhook-timestamp': String(input.timestampSeconds),
    'idempotency-key': message.id,
  };
  if (input.signature !== undefined) headers['webhook-signature'] = input.signature;
  return headers;
}
