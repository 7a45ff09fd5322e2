import { createHmac, createPrivateKey, createSecretKey, type KeyObject, sign as signAsymmetric } from 'node:crypto';
import { ed25519Pkcs8 } from '../../domain/ed25519-der';
import { parseSecretKey } from '../../domain/secret-key';

/** A key ready to sign with; making one costs more than signing, so it is kept. */
export interface SigningKey {
  /** `v1`: HMAC-SHA256 · `v1a`: ed25519. */
  readonly scheme: 'v1' | 'v1a';
  readonly key: KeyObject;
}

/**
 * @param text `whsec_…` or `whsk_…`
 * @throws {SecretKeyError}
 */
export function signingKey(text: string): SigningKey {
  const secret = parseSecretKey(text);
  if (secret.kind === 'whsec') return { scheme: 'v1', key: createSecretKey(secret.bytes) };
  const der = Buffer.from(ed25519Pkcs8(secret.seed));
  return { scheme: 'v1a', key: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) };
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
  return keys.map(({ scheme, key }) => `${scheme},${signature(scheme, key, prefix, body)}`).join(' ');
}

function signature(scheme: SigningKey['scheme'], key: KeyObject, prefix: string, body: Uint8Array): string {
  if (scheme === 'v1') return createHmac('sha256', key).update(prefix).update(body).digest('base64');
  // node:crypto signs ed25519 in one piece only.
  return signAsymmetric(null, Buffer.concat([Buffer.from(prefix), body]), key).toString('base64');
}
