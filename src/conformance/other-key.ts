import { randomBytes } from 'node:crypto';
import { type SigningKey, signingKey } from '../channels/webhook/sign';

/** A key of the same kind that nobody else has. */
export function otherKey({ scheme }: SigningKey): SigningKey {
  return signingKey(`${scheme === 'v1' ? 'whsec' : 'whsk'}_${randomBytes(32).toString('base64')}`);
}
