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

/** The value of a JSON text, or undefined for what is not JSON. */
export function parseJsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
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
