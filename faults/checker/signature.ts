import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Arrival } from './ledger';

/** The clocks are one machine's: an attempt that was signed longer ago was not signed for this attempt. */
const SIGNED_WITHIN_MS = 60_000;

/** What is wrong with an attempt's signature; undefined: nothing. Source: Standard Webhooks, symmetric `v1`. */
export function signatureFault({ headers, body, at }: Arrival, secret: string): string | undefined {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (!id || !timestamp || !signatures) return 'a header of the three is missing';
  if (headers['idempotency-key'] !== id) return 'idempotency-key is not webhook-id';
  if (Math.abs(Number(timestamp) * 1_000 - at) > SIGNED_WITHIN_MS) return 'webhook-timestamp is not this attempt’s';
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  const isSigned = signatures.split(' ').some((one) => {
    const [version, text = ''] = one.split(',');
    const signature = Buffer.from(text, 'base64');
    return version === 'v1' && signature.length === expected.length && timingSafeEqual(signature, expected);
  });
  return isSigned ? undefined : 'no signature matches';
}
