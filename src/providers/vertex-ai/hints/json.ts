export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isBytes(value);
}

/** A member that is an object, else an empty one, so that a path can be followed through anything. */
export function objectAt(object: JsonObject, member: string): JsonObject {
  const value = Object.hasOwn(object, member) ? object[member] : undefined;
  return isObject(value) ? value : {};
}

/** A member that is text and not empty. */
export function textAt(object: JsonObject, ...members: readonly string[]): string | undefined {
  for (const member of members) {
    const value = Object.hasOwn(object, member) ? object[member] : undefined;
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

/** JSON text or bytes become their value; what is parsed already stays. Undefined: no JSON. */
export function parsed(body: unknown): unknown {
  if (typeof body !== 'string' && !isBytes(body)) return body;
  try {
    return JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}

export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}
