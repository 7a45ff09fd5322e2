import { WebhookVerificationError } from './webhook-verification-error';

/** A Fetch `Headers`, Node's `IncomingHttpHeaders`, or any object of names to values; names in any case. */
export type WebhookHeaders =
  | { forEach(callback: (value: string, name: string) => void): void }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface SignedHeaders {
  readonly id: string;
  /** Unix seconds as they came, because that text was signed. */
  readonly timestamp: string;
  readonly signatures: readonly Signature[];
}

export interface Signature {
  /** `v1`, `v1a`, or one that is not known here. */
  readonly scheme: string;
  readonly bytes: Buffer;
}

/** @throws {WebhookVerificationError} `missing_header`, `malformed_header` */
export function readWebhookHeaders(headers: WebhookHeaders): SignedHeaders {
  const values = collect(headers);
  const id = the(values, 'webhook-id');
  const timestamp = the(values, 'webhook-timestamp');
  const signature = the(values, 'webhook-signature');
  // A dot would leave open where the id ends in the signed text, so that part of a body could pass for a timestamp.
  if (!/^[\x21-\x2d\x2f-\x7e]+$/.test(id)) throw malformed('webhook-id', 'printable characters without space and dot');
  if (!/^[0-9]{1,12}$/.test(timestamp)) throw malformed('webhook-timestamp', 'whole Unix seconds, digits only');
  const signatures = signature.split(' ').flatMap(readSignature);
  if (signatures.length === 0) throw malformed('webhook-signature', 'a list like "v1,<base64> v1a,<base64>"');
  return { id, timestamp, signatures };
}

/** All of them as a Fetch `Headers`; those that HTTP/2 makes of the request line (`:path`) are none. */
export function toFetchHeaders(headers: WebhookHeaders): Headers {
  const lines = [...collect(headers)].filter(([name]) => !name.startsWith(':'));
  return new Headers(lines.flatMap(([name, values]) => values.map((value): [string, string] => [name, value])));
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

function the(values: ReadonlyMap<string, readonly string[]>, name: string): string {
  const [value, ...more] = values.get(name) ?? [];
  if (value === undefined || value === '') {
    throw new WebhookVerificationError('missing_header', `the request has no ${name} header; is it a webhook at all?`);
  }
  if (more.length > 0) throw malformed(name, 'sent once');
  return value;
}

/** What each scheme's signature must come to; of other schemes nothing is known. */
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
