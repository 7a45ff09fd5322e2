/** A JSON object, of whose members nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object: no null, no list, no bytes. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** A member that is an object, else an empty one, so that a path can be followed through anything. */
export function objectAt(object: JsonObject, member: string): JsonObject {
  const value = Object.hasOwn(object, member) ? object[member] : undefined;
  return isObject(value) ? value : {};
}

/** The items of a member that are objects; none where it is no list. */
export function objectsAt(object: JsonObject, member: string): readonly JsonObject[] {
  const value = Object.hasOwn(object, member) ? object[member] : undefined;
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The first of these members that is a text and not empty. */
export function textAt(object: JsonObject, ...members: readonly string[]): string | undefined {
  for (const member of members) {
    const value = Object.hasOwn(object, member) ? object[member] : undefined;
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

/** What becomes of an integer that no double holds, beyond 2^53 ({@link Number.MAX_SAFE_INTEGER}), by its digits. */
export type ReadLargeInteger = (digits: string) => unknown;

/** As a text: digits are what identifies, and a number that counts is read from a text, too. */
const asText: ReadLargeInteger = (digits) => digits;

/**
 * Reads JSON that came from outside: text, or bytes in UTF-8. A byte order mark before it is left out (RFC 8259 section 8.1
 * allows that), and integers that a double would round keep their digits, by default as texts.
 * @throws {SyntaxError} for what is no JSON
 * @throws {TypeError} for bytes that are no UTF-8
 */
export function readJson(source: string | Uint8Array, readLargeInteger: ReadLargeInteger = asText): unknown {
  const text =
    typeof source === 'string'
      ? source.replace(/^\uFEFF/, '')
      : new TextDecoder('utf-8', { fatal: true }).decode(source);
  // A reviver makes reading several times slower, so it is for texts that need it.
  if (!SIXTEEN_DIGITS.test(text)) return JSON.parse(text);
  const keepDigits = (_: string, value: unknown, context?: { readonly source?: string }) => {
    const isRounded = typeof value === 'number' && !Number.isSafeInteger(value) && INTEGER.test(context?.source ?? '');
    return isRounded ? readLargeInteger(context?.source ?? '') : value;
  };
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
}

const SIXTEEN_DIGITS = /[0-9]{16}/;
const INTEGER = /^-?[0-9]+$/;

/**
 * Whether a value holds an integer that JSON writes with digits and most readers round: nobody knows any more which one was
 * meant.
 */
export function holdsLargeInteger(value: unknown): boolean {
  if (typeof value === 'number') {
    return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21;
  }
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsLargeInteger);
}

/** What {@link readJson} reads, or undefined for what it cannot read. */
export function parseJsonOrUndefined(source: string | Uint8Array): unknown {
  try {
    return readJson(source);
  } catch {
    return undefined;
  }
}

/**
 * The value at a JSON pointer, or undefined where there is none. Sees only what JSON has: no member of a prototype, no
 * `length` of a list.
 * Source: RFC 6901; `-`, the place after the last item, never holds a value.
 */
export function valueAt(document: unknown, pointer: string): unknown {
  if (pointer === '') return document;
  let value = document;
  for (const member of pointer.slice(1).split('/').map(unescapeMember)) {
    if (Array.isArray(value)) value = /^(?:0|[1-9][0-9]{0,8})$/.test(member) ? value[Number(member)] : undefined;
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, member))
      value = (value as Readonly<Record<string, unknown>>)[member];
    else return undefined;
  }
  return value;
}

function unescapeMember(member: string): string {
  return member.replaceAll('~1', '/').replaceAll('~0', '~');
}
