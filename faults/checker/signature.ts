import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
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

/** Published in docs/webhooks.md: the namespace of all identities. */
const NAMESPACE = '28de626e-1ac5-5709-910d-a79b180c5eb7';

/** Source: RFC 9562, section 5.5. Written again here, so that a fault in the program's own would be seen. */
export function identityOf(name: readonly (string | number)[]): string {
  const digest = createHash('sha1')
    .update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex'))
    .update(JSON.stringify(name))
    .digest()
    .subarray(0, 16);
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
