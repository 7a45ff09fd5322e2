import { isObject, type JsonObject } from '../../../domain/json';
/** What became of an inbound message: the thing it says, or why it can never be used. */
export type Read<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'invalid'; readonly reason: string };

export const read = <T>(value: T): Read<T> => ({ kind: 'read', value });
export const invalid = (reason: string): { readonly kind: 'invalid'; readonly reason: string } => ({
  kind: 'invalid',
  reason,
});

/** Reads a message's bytes as a JSON object. */
export function readBody(bytes: Buffer): Read<JsonObject> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString('utf8'));
  } catch {
    return invalid('the body is not JSON');
  }
  return isObject(parsed) ? read(parsed) : invalid('the body is not a JSON object');
}

/** The members that have to be there and are not; MONAI's own validation takes blanks for nothing as well. */
export function missingTexts(body: JsonObject, names: readonly string[]): readonly string[] {
  return names.filter((name) => textOf(body, name) === undefined);
}

/** A member that is a text and not blank. */
export function textOf(body: JsonObject, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
