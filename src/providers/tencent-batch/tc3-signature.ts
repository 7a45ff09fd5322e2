import { createHash, createHmac } from 'node:crypto';

export const TC3_ALGORITHM = 'TC3-HMAC-SHA256';

/** The signed parts of a request. The path is always `/` and the query empty: all parameters of API 3.0 are in the body. */
export interface Tc3Request {
  /** The headers to sign, `content-type` and `host` at least; lower-case names, values exactly as they are sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, exactly as it is sent. */
  readonly payload: string | Uint8Array;
  /** Unix time in seconds, as in `X-TC-Timestamp`. Tencent Cloud refuses a time that is off by more than five minutes. */
  readonly timestamp: number;
  /** The product, the first label of its host: `batch`. */
  readonly service: string;
}

export interface Tc3Credential {
  readonly secretId: string;
  readonly secretKey: string;
}

/**
 * The `Authorization` header of a POST request to API 3.0.
 * Source: https://www.tencentcloud.com/document/product/599/33212 (Signature v3)
 */
export function tc3Authorization(request: Tc3Request, credential: Tc3Credential): string {
  const scope = `${credential.secretId}/${scopeOf(request)}`;
  const signature = tc3Signature(request, credential.secretKey);
  return `${TC3_ALGORITHM} Credential=${scope}, SignedHeaders=${signedHeadersOf(request)}, Signature=${signature}`;
}

/** The signature alone, hexadecimal. */
export function tc3Signature(request: Tc3Request, secretKey: string): string {
  const names = Object.keys(request.headers).sort();
  const canonicalRequest = [
    'POST',
    '/',
    '',
    ...names.map((name) => `${name}:${request.headers[name]?.trim().toLowerCase()}`),
    '',
    names.join(';'),
    sha256(request.payload),
  ].join('\n');
  const stringToSign = [TC3_ALGORITHM, request.timestamp, scopeOf(request), sha256(canonicalRequest)].join('\n');

  const dateKey = hmac(`TC3${secretKey}`, dateOf(request));
  const serviceKey = hmac(dateKey, request.service);
  const signingKey = hmac(serviceKey, 'tc3_request');
  return hmac(signingKey, stringToSign).toString('hex');
}

function signedHeadersOf({ headers }: Tc3Request): string {
  return Object.keys(headers).sort().join(';');
}

function scopeOf(request: Tc3Request): string {
  return `${dateOf(request)}/${request.service}/tc3_request`;
}

/** The day of the timestamp in UTC: Tencent Cloud refuses any other, such as the local day. */
function dateOf({ timestamp }: Tc3Request): string {
  return new Date(timestamp * 1000).toISOString().slice(0, 10);
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Uint8Array, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
