import { WebhookVerificationError } from './webhook-verification-error';

/** A body, or a stream of it. */
export type BodySource = Uint8Array | string | AsyncIterable<Uint8Array>;

/** How much may be read: of this body, and by `take` of all bodies together. */
export interface ReadBounds {
  readonly maxBytes: number;
  /** False where all bodies together would become too large. */
  readonly take: (bytes: number) => boolean;
}

/**
 * The body's bytes, or why they were not kept. A parsed body is returned as it is: verification refuses it.
 * @throws what reading throws if the sender disconnects
 */
export async function readBody(body: BodySource, bounds: ReadBounds): Promise<Uint8Array | 'too large' | 'too many'> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  if (isStream(bytes)) return readStream(bytes, bounds);
  return bytes instanceof Uint8Array && bytes.byteLength > bounds.maxBytes ? 'too large' : bytes;
}

function isStream(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** Reads to the end but keeps no more than fits: a sender that is cut off while sending does not see the answer. */
async function readStream(
  body: AsyncIterable<Uint8Array>,
  { maxBytes, take }: ReadBounds,
): Promise<Uint8Array | 'too large' | 'too many'> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isRefused = false;
  for await (const chunk of body) {
    size += chunk.byteLength;
    isRefused ||= size > maxBytes || !take(chunk.byteLength);
    if (isRefused) chunks.length = 0;
    else chunks.push(chunk);
  }
  if (size > maxBytes) return 'too large';
  return isRefused ? 'too many' : Buffer.concat(chunks);
}

/** A Fetch `Headers`, Node's `IncomingHttpHeaders`, or any object of names to values; names in any case. */
export type WebhookHeaders =
  | { forEach(callback: (value: string, name: string) => void): void }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface SignedHeaders {
  readonly id: string;
  /** Unix seconds as received, because that text was signed. */
  readonly timestamp: string;
  readonly signatures: readonly Signature[];
}

export interface Signature {
  /** `v1`, `v1a`, or an unknown one. */
  readonly scheme: string;
  readonly bytes: Buffer;
}

/** Signatures that are looked at; a sender that rotates its keys sends two. More of them only cost time. */
const MAX_SIGNATURES = 10;

/** @throws {WebhookVerificationError} `missing_header`, `malformed_header` */
export function readWebhookHeaders(headers: WebhookHeaders): SignedHeaders {
  const values = collect(headers);
  const id = only(values, 'webhook-id');
  const timestamp = only(values, 'webhook-timestamp');
  const signature = only(values, 'webhook-signature');
  // With a dot it would be ambiguous where the id ends in the signed text: part of a body could pass for a timestamp.
  if (!/^[\x21-\x2d\x2f-\x7e]+$/.test(id)) throw malformed('webhook-id', 'printable characters without space and dot');
  if (!/^[0-9]{1,12}$/.test(timestamp)) throw malformed('webhook-timestamp', 'whole Unix seconds, digits only');
  const signatures = signature.split(' ', MAX_SIGNATURES).flatMap(readSignature);
  if (signatures.length === 0) throw malformed('webhook-signature', 'a list like "v1,<base64> v1a,<base64>"');
  return { id, timestamp, signatures };
}

/** All of them as a Fetch `Headers`; without HTTP/2's pseudo-headers (`:path`). */
export function toFetchHeaders(headers: WebhookHeaders): Headers {
  const lines = [...collect(headers)].filter(([name]) => !name.startsWith(':'));
  return new Headers(lines.flatMap(([name, values]) => values.map((value): [string, string] => [name, value])));
}

/** The value of a header that was sent once. */
export function headerValue(headers: WebhookHeaders, name: string): string | undefined {
  const [value, ...more] = collect(headers).get(name) ?? [];
  return more.length === 0 ? value : undefined;
}

function collect(headers: WebhookHeaders): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  const add = (value: string | readonly string[] | undefined, name: string) => {
    if (value === undefined) return;
    const key = name.toLowerCase();
    values.set(key, [...(values.get(key) ?? []), ...(typeof value === 'string' ? [value] : value)]);
  };
  if (typeof headers.forEach === 'function') {
    headers.forEach(add);
  } else {
    for (const [name, value] of Object.entries(headers as Readonly<Record<string, string | undefined>>))
      add(value, name);
  }
  return values;
}

function only(values: ReadonlyMap<string, readonly string[]>, name: string): string {
  const [value, ...more] = values.get(name) ?? [];
  if (value === undefined || value === '') {
    throw new WebhookVerificationError(
      'missing_header',
      `the request has no ${name} header, so it is not a Standard Webhooks request`,
    );
  }
  if (more.length > 0) throw malformed(name, 'sent once');
  return value;
}

/** The length of each known scheme's signature. */
const SIGNATURE_BYTES: Readonly<Record<string, number>> = { v1: 32, v1a: 64 };

function readSignature(entry: string): readonly Signature[] {
  const match = /^(v[0-9]+[a-z]*),([A-Za-z0-9+/]+={0,2})$/.exec(entry);
  if (match === null) return [];
  const [, scheme = '', base64 = ''] = match;
  const bytes = Buffer.from(base64, 'base64');
  return (SIGNATURE_BYTES[scheme] ?? bytes.length) === bytes.length ? [{ scheme, bytes }] : [];
}

function malformed(name: string, form: string): WebhookVerificationError {
  return new WebhookVerificationError('malformed_header', `${name} must be ${form}`);
}
