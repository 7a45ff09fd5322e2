import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  timingSafeEqual,
  verify as verifyAsymmetric,
} from 'node:crypto';
import { ed25519Pkcs8, ed25519Spki, parseSecretKey, SecretKeyError } from '../domain/secret-key';

/** A key ready to verify with. */
export interface VerificationKey {
  readonly scheme: 'v1' | 'v1a';
  readonly key: KeyObject;
}

/** Secrets are few and live as long as the process; a bound only guards against a caller that generates them. */
const MAX_KEPT = 256;
const kept = new Map<string, VerificationKey>();

/**
 * @throws {TypeError} without secrets
 * @throws {SecretKeyError}
 */
export function verificationKeys(secrets: readonly string[]): readonly VerificationKey[] {
  if (secrets.length === 0 || secrets.some((secret) => typeof secret !== 'string' || secret === '')) {
    throw new TypeError('secrets must hold at least one key and no empty one; is the environment variable set?');
  }
  return secrets.map(verificationKey);
}

/**
 * @param secret `whsec_…` (the shared secret), `whpk_…` (an ed25519 public key), or `whsk_…` (its private key)
 * @throws {SecretKeyError}
 */
function verificationKey(secret: string): VerificationKey {
  const known = kept.get(secret);
  if (known !== undefined) return known;
  const key = makeKey(secret);
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(secret, key);
  return key;
}

function makeKey(text: string): VerificationKey {
  if (text.startsWith('whpk_')) return { scheme: 'v1a', key: publicKey(text.slice('whpk_'.length)) };
  const secret = parseSecretKey(text);
  if (secret.kind === 'whsec') return { scheme: 'v1', key: createSecretKey(secret.bytes) };
  const der = Buffer.from(ed25519Pkcs8(secret.seed));
  return { scheme: 'v1a', key: createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })) };
}

function publicKey(base64: string): KeyObject {
  const bytes = Buffer.from(base64, 'base64');
  if (!/^[A-Za-z0-9+/]{43}=?$/.test(base64) || bytes.length !== 32) {
    throw new SecretKeyError('whpk_ must be followed by base64 of the 32-byte ed25519 public key');
  }
  return createPublicKey({ key: Buffer.from(ed25519Spki(bytes)), format: 'der', type: 'spki' });
}

/**
 * Whether one of the signatures, all of the key's scheme, is this key's, over `{id}.{timestamp}.{body}`. Constant time for
 * `v1`, and one digest however many signatures there are: whoever sends them is not known yet.
 */
export function isSignedBy(
  { scheme, key }: VerificationKey,
  signatures: readonly Buffer[],
  prefix: string,
  body: Uint8Array,
): boolean {
  if (signatures.length === 0) return false;
  if (scheme === 'v1a') {
    const signed = Buffer.concat([Buffer.from(prefix), body]);
    return signatures.some((signature) => verifyAsymmetric(null, signed, key, signature));
  }
  const digest = createHmac('sha256', key).update(prefix).update(body).digest();
  return signatures.filter((signature) => timingSafeEqual(digest, signature)).length > 0;
}
