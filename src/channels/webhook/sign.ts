import { createPrivateKey, sign as signAsymmetric } from 'node:crypto';
import { ed25519Pkcs8 } from '../../domain/ed25519-der';
import { parseSecretKey } from '../../domain/secret-key';
import { hmacSha256 } from './hmac-sha256';

/** A key ready to sign with; making one costs more than signing, so it is kept. */
export interface SigningKey {
  /** `v1`: HMAC-SHA256 · `v1a`: ed25519. */
  readonly scheme: 'v1' | 'v1a';
  /** The signature in base64 of a text and the bytes after it. */
  readonly sign: (prefix: string, body: Uint8Array) => string;
}

/**
 * @param text `whsec_…` or `whsk_…`
 * @throws {SecretKeyError}
 */
export function signingKey(text: string): SigningKey {
  const secret = parseSecretKey(text);
  if (secret.kind === 'whsec') return { scheme: 'v1', sign: hmacSha256(secret.bytes) };
  const der = Buffer.from(ed25519Pkcs8(secret.seed));
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  // node:crypto signs ed25519 in one piece only.
  const ed25519 = (prefix: string, body: Uint8Array) =>
    signAsymmetric(null, Buffer.concat([Buffer.from(prefix), body]), key).toString('base64');
  return { scheme: 'v1a', sign: ed25519 };
}

/**
 * The value of `webhook-signature`: one signature per key, separated by spaces, so that a receiver may hold the old
 * or the new key while a secret is rotated.
 * Source: Standard Webhooks, "Signature scheme" (https://www.standardwebhooks.com).
 * @param timestampSeconds whole Unix seconds, the same as in `webhook-timestamp`; a text is for tests of receivers
 */
export function sign(
  id: string,
  timestampSeconds: number | string,
  body: Uint8Array,
  keys: readonly SigningKey[],
): string {
  const prefix = `${id}.${timestampSeconds}.`;
  return keys.map((key) => `${key.scheme},${key.sign(prefix, body)}`).join(' ');
}
