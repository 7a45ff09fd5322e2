import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { TC3_ALGORITHM, tc3Signature } from '../../../providers/tencent-batch/tc3-signature';

/** `Error` of a response of API 3.0. */
export interface ApiRefusal {
  readonly Code: string;
  readonly Message: string;
}

export function refusal(code: string, message: string): ApiRefusal {
  return { Code: code, Message: message };
}

export interface Keys {
  readonly secretId: string;
  readonly secretKey: string;
}

/** Tencent Cloud's limit for `X-TC-Timestamp`. */
const MAX_CLOCK_SKEW_SECONDS = 300;

const AUTHORIZATION =
  /^(\S+) Credential=([^/]+)\/(\d{4}-\d\d-\d\d)\/([^/]+)\/tc3_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** Tencent Cloud's refusal of a request's signature; undefined for a valid one. */
export function signatureFault(headers: IncomingHttpHeaders, body: Buffer, keys: Keys): ApiRefusal | undefined {
  const [, algorithm, secretId, date, service, names = '', signature = ''] =
    AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  if (algorithm !== TC3_ALGORITHM)
    return refusal('AuthFailure.InvalidAuthorization', 'The Authorization header is malformed.');
  if (secretId !== keys.secretId) return refusal('AuthFailure.SecretIdNotFound', 'The SecretId is not found.');

  const timestamp = Number(headers['x-tc-timestamp']);
  if (!(Math.abs(Date.now() / 1000 - timestamp) <= MAX_CLOCK_SKEW_SECONDS)) {
    return refusal('AuthFailure.SignatureExpire', 'The signature has expired.');
  }
  const signed = names.split(';');
  const required = signed.includes('content-type') && signed.includes('host');
  const inScope = service === 'batch' && date === new Date(timestamp * 1000).toISOString().slice(0, 10);
  const expected = tc3Signature(
    {
      headers: Object.fromEntries(signed.map((name) => [name, String(headers[name] ?? '')])),
      payload: body,
      timestamp,
      service: 'batch',
    },
    keys.secretKey,
  );
  return required && inScope && timingSafeEqual(Buffer.from(signature), Buffer.from(expected))
    ? undefined
    : refusal('AuthFailure.SignatureFailure', 'The provided credentials could not be validated.');
}
