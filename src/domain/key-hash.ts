import { sha1 } from './sha1';

const BYTES = 10;

/** What a run remembers of a key, 20 characters: a thousand keys of any length must fit into what it carries. */
export function keyHash(key: string): string {
  const hash = sha1(new TextEncoder().encode(key)).subarray(0, BYTES);
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
