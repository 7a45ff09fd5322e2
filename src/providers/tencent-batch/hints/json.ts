import { isObject } from '../../../domain/json';

/** Whether there is anything below so many levels of lists and objects. Looks no deeper than that. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}

/** Undefined: no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** JSON, or base64 of JSON in either alphabet, as the CMQ console and its API publish it. */
export function parsedOrDecoded(text: string): unknown {
  const value = parsed(text);
  if (isObject(value)) return value;
  const packed = text.replace(/\s/g, '');
  // A text in quotes is JSON as well, and may hold either.
  if (typeof value === 'string' && value !== text) return parsedOrDecoded(value);
  return BASE64.test(packed) ? parsed(Buffer.from(packed, 'base64').toString('utf8')) : value;
}
