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
