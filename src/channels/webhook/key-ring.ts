import type { Config } from '../../config/config';
import { type SigningKey, signingKey } from './sign';

/** Finds the keys of a configured secret. */
export interface KeyRing {
  /**
   * @param secret name under `secrets`
   * @returns its keys, or undefined where no such secret is configured
   * @throws {SecretKeyError}
   */
  find(secret: string): readonly SigningKey[] | undefined;
}

export function createKeyRing(secrets: Config['secrets']): KeyRing {
  const parsed = new Map<string, SigningKey>();
  const parse = (text: string) => {
    const known = parsed.get(text);
    if (known) return known;
    const key = signingKey(text);
    parsed.set(text, key);
    return key;
  };
  return {
    find: (secret) => (Object.hasOwn(secrets, secret) ? secrets[secret]?.map(parse) : undefined),
  };
}
