import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { Config } from '../config/config';
import { ed25519Pkcs8, parseSecretKey } from '../domain/secret-key';

/** The public half of one configured key, as a JSON Web Key. Sources: RFC 7517, RFC 8037. */
export interface PublishedKey {
  /** Name under `secrets`. */
  readonly secret: string;
  /** The key's thumbprint (RFC 7638): the same key has the same one everywhere. */
  readonly kid: string;
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  /** The 32 bytes, base64url. */
  readonly x: string;
  readonly use: 'sig';
  readonly alg: 'EdDSA';
  /** The same key as Standard Webhooks writes it, for `verifyWebhook` and its like. */
  readonly standard_webhooks: `whpk_${string}`;
}

/** A JSON Web Key Set. */
export interface KeySet {
  readonly keys: readonly PublishedKey[];
}

/**
 * The public keys of all configured `whsk_` secrets. A `whsec_` secret is the same on both sides, so that nothing of
 * it can be published.
 * @throws {SecretKeyError}
 */
export function keySet(secrets: Config['secrets']): KeySet {
  const published = Object.entries(secrets).flatMap(([name, keys]) => {
    // A key has two spellings, with and without its public half.
    const publicKeys = new Set(keys.flatMap(publicKeyOf));
    return [...publicKeys].map((x) => publish(name, x));
  });
  return { keys: published };
}

/** Only what is made of the public half leaves this function. */
function publicKeyOf(text: string): string[] {
  const secret = parseSecretKey(text);
  if (secret.kind === 'whsec') return [];
  const der = Buffer.from(ed25519Pkcs8(secret.seed));
  const { x = '' } = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({
    format: 'jwk',
  });
  return [x];
}

function publish(secret: string, x: string): PublishedKey {
  const base64 = Buffer.from(x, 'base64url').toString('base64');
  return {
    secret,
    kid: thumbprint(x),
    kty: 'OKP',
    crv: 'Ed25519',
    x,
    use: 'sig',
    alg: 'EdDSA',
    standard_webhooks: `whpk_${base64}`,
  };
}

/** SHA-256 over the required members in the order of their names, without white space (RFC 7638, RFC 8037 A.3). */
function thumbprint(x: string): string {
  const members = JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x });
  return createHash('sha256').update(members).digest('base64url');
}
