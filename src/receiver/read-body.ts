/** A body that is there, or one to be read. */
export type BodySource = Uint8Array | string | AsyncIterable<Uint8Array>;

/**
 * The body's bytes, or `too large`. What is no body (somebody has parsed it) comes back as it is: verifying says so.
 * @throws what reading throws, when the sender goes away in the middle
 */
export async function readBody(body: BodySource, maxBytes: number): Promise<Uint8Array | 'too large'> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  if (isStream(bytes)) return collect(bytes, maxBytes);
  return bytes instanceof Uint8Array && bytes.byteLength > maxBytes ? 'too large' : bytes;
}

function isStream(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** Reads to the end and keeps no more than fits: who is stopped in the middle of sending does not see the answer. */
async function collect(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array | 'too large'> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size <= maxBytes ? Buffer.concat(chunks) : 'too large';
}
