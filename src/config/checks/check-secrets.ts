import { parseSecretKey, SecretKeyError } from '../../domain/secret-key';
import type { Config } from '../config';
import { type Fault, pointerTo } from '../fault';

export function checkSecrets(secrets: Config['secrets']): readonly Fault[] {
  return Object.entries(secrets).flatMap(([name, keys]) =>
    keys.flatMap((key, index) => checkKey(pointerTo('secrets', name, index), key)),
  );
}

function checkKey(pointer: string, key: string): readonly Fault[] {
  try {
    parseSecretKey(key);
    return [];
  } catch (error) {
    if (error instanceof SecretKeyError) return [{ pointer, text: error.message }];
    throw error;
  }
}
