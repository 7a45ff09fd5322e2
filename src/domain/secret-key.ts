/** A webhook signing key, decoded: HMAC-SHA256 (`whsec_`, signature `v1`) or ed25519 (`whsk_`, signature `v1a`). */
export type SecretKey =
  | { readonly kind: 'whsec'; readonly bytes: Uint8Array }
  | { readonly kind: 'whsk'; readonly seed: Uint8Array };

/** Why a text is not a signing key. The message never holds any part of the text. */
export class SecretKeyError extends Error {
  override readonly name = 'SecretKeyError';
}

/**
 * Standard Webhooks asks for 24 bytes or more. Keys that other systems handed out long ago are often of 16, and
 * refusing those would only keep people from signing at all.
 */
export const MIN_WHSEC_BYTES = 16;
export const MAX_WHSEC_BYTES = 64;

/** An ed25519 seed (RFC 8032, 5.1.5), and the seed with the public key behind it as NaCl and Go write it. */
const SEED_BYTES = 32;
const SEED_AND_PUBLIC_BYTES = 64;

/**
 * Reads a key as configured under `secrets`.
 * Source: Standard Webhooks, "Webhook secrets" (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 * @param text `whsec_` and base64 of 16 to 64 bytes, or `whsk_` and base64 of a 32-byte seed or a 64-byte seed and public key
 * @throws {SecretKeyError} saying what is wrong, never quoting the key
 */
export function parseSecretKey(text: string): SecretKey {
  if (text.startsWith('whsec_')) return { kind: 'whsec', bytes: symmetricKey(text.slice('whsec_'.length)) };
  if (text.startsWith('whsk_')) return { kind: 'whsk', seed: privateKeySeed(text.slice('whsk_'.length)) };
  if (text.startsWith('whpk_')) {
    throw new SecretKeyError(
      'this is a public key (whpk_), which can only verify; signing needs the private key whsk_…',
    );
  }
  throw new SecretKeyError('must begin with whsec_ (HMAC-SHA256) or whsk_ (ed25519), followed by base64');
}

function symmetricKey(base64: string): Uint8Array {
  const bytes = decodeBase64(base64);
  if (bytes.length < MIN_WHSEC_BYTES || bytes.length > MAX_WHSEC_BYTES) {
    throw new SecretKeyError(
      `decodes to ${bytes.length} bytes; give whsec_ and ${MIN_WHSEC_BYTES} to ${MAX_WHSEC_BYTES} random bytes as base64, 24 or more if you can`,
    );
  }
  return bytes;
}

function privateKeySeed(base64: string): Uint8Array {
  const bytes = decodeBase64(base64);
  if (bytes.length !== SEED_BYTES && bytes.length !== SEED_AND_PUBLIC_BYTES) {
    throw new SecretKeyError(
      `decodes to ${bytes.length} bytes; give whsk_ and the ${SEED_BYTES}-byte ed25519 seed, or the seed and its public key (${SEED_AND_PUBLIC_BYTES} bytes), as base64`,
    );
  }
  return bytes.subarray(0, SEED_BYTES);
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Padding may be missing, as some generators leave it away; anything else that is not RFC 4648 section 4 is refused. */
function decodeBase64(text: string): Uint8Array {
  if (/[-_]/.test(text)) {
    throw new SecretKeyError('is base64url after its prefix; use standard base64, with + and / in place of - and _');
  }
  // atob would skip white space, so that a key broken over two lines passes here and fails at every receiver.
  if (!BASE64.test(text))
    throw new SecretKeyError('is not base64 after its prefix; copy the whole key, without spaces');
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw new SecretKeyError('is not base64 after its prefix: its length is wrong; copy the whole key', { cause });
  }
}

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
