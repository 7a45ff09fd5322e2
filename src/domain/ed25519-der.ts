/**
 * Raw ed25519 keys, as webhook secrets hold them, in the DER that node:crypto reads.
 * Source: RFC 8410, sections 4 and 7; the key is always the last 32 bytes.
 */
const PKCS8_PREFIX = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
const SPKI_PREFIX = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/** @param seed 32 bytes */
export function ed25519Pkcs8(seed: Uint8Array): Uint8Array {
  return Uint8Array.from([...PKCS8_PREFIX, ...seed]);
}

/** @param publicKey 32 bytes */
export function ed25519Spki(publicKey: Uint8Array): Uint8Array {
  return Uint8Array.from([...SPKI_PREFIX, ...publicKey]);
}
