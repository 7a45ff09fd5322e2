import { createHash } from 'node:crypto';

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
