import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { TC3_ALGORITHM, tc3Signature } from '../../../providers/tencent-batch/tc3-signature';
import { type ApiRefusal, refusal } from './refusal';

export interface Keys {
  readonly secretId: string;
  readonly secretKey: string;
}

/** How far `X-TC-Timestamp` may be off, as Tencent Cloud has it. */
const MAX_CLOCK_SKEW_SECONDS = 300;

const AUTHORIZATION =
  /^(\S+) Credential=([^/]+)\/(\d{4}-\d\d-\d\d)\/([^/]+)\/tc3_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** What Tencent Cloud would find wrong with the signature of a request; undefined where it is good. */
export function signatureFault(headers: IncomingHttpHeaders, body: Buffer, keys: Keys): ApiRefusal | undefined {
  const [, algorithm, secretId, date, service, names = '', signature = ''] =
    AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  if (algorithm !== TC3_ALGORITHM)
    return refusal('AuthFailure.InvalidAuthorization', 'Authorization is not as it should be.');
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
