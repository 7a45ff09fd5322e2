import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { JobHeraldError } from '../../domain/jobherald-error';

const MIB = 1024 * 1024;

/** Bodies of the API. */
export const MAX_BODY_BYTES = MIB;

/**
 * A body that is too large is still read, up to here, and thrown away: a client that is cut off in the middle of
 * sending sees a reset connection instead of the answer.
 */
const MAX_DISCARDED_BYTES = 32 * MIB;

/**
 * Hands every body to its route as bytes, whatever its content type says: hooks, log sinks and `curl -d` label
 * JSON in many ways, and the routes parse for themselves.
 */
export function takeRawBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request: FastifyRequest, payload: Readable) => {
    const declared = Number(request.headers['content-length'] ?? 0);
    return readRawBody(payload, request.routeOptions.bodyLimit ?? MAX_BODY_BYTES, declared);
  });
  // The framework refuses a content type that it cannot parse before any parser of ours is asked.
  app.addHook('onRequest', async (request) => {
    if (request.raw.headers['content-type'] !== undefined && !isMediaType(request.raw.headers['content-type'])) {
      delete request.raw.headers['content-type'];
    }
  });
}

function isMediaType(value: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(;|$)/.test(value.trim());
}

async function readRawBody(payload: Readable, limit: number, declared: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  if (declared <= MAX_DISCARDED_BYTES) {
    for await (const chunk of chunksOf(payload)) {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      if (length > MAX_DISCARDED_BYTES) break;
    }
  }
  if (Math.max(length, declared) > limit) {
    throw new JobHeraldError('too_large', `The body has more than ${limit / MIB} MiB; send less.`);
  }
  return Buffer.concat(chunks);
}

async function* chunksOf(payload: Readable): AsyncGenerator<Buffer> {
  try {
    // Left open on an early end: the answer goes out over the same socket.
    for await (const chunk of payload.iterator({ destroyOnReturn: false })) yield chunk;
  } catch (cause) {
    throw new JobHeraldError('bad_request', 'The body ended before it was complete.', { cause });
  }
}
