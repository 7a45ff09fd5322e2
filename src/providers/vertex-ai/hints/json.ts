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
