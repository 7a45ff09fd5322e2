import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createByteBudget } from '../../domain/byte-budget';
import { JobHeraldError } from '../../domain/jobherald-error';

const MIB = 1024 * 1024;

/** Bodies of the API. */
export const MAX_BODY_BYTES = MIB;

/**
 * A body that is too large is still read, up to here, and thrown away: a client that is cut off in the middle of
 * sending sees a reset connection instead of the answer.
 */
const MAX_DISCARDED_BYTES = 32 * MIB;

/** Bodies that are being received or worked on, together: from senders that are verified, and from anybody. */
const MAX_BYTES_IN_FLIGHT = 64 * MIB;
const MAX_UNVERIFIED_BYTES_IN_FLIGHT = 32 * MIB;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The sender is known only by the signature of the body. */
    readonly unverifiedBody?: boolean;
  }
  interface FastifyRequest {
    /** Gives back the memory that the body takes. */
    releaseBody: (() => void)[];
  }
}

/**
 * Hands every body to its route as bytes, whatever its content type says: hooks, log sinks and `curl -d` label
 * JSON in many ways, and the routes parse for themselves.
 */
export function takeRawBodies(app: FastifyInstance): void {
  const verified = createByteBudget(MAX_BYTES_IN_FLIGHT);
  const unverified = createByteBudget(MAX_UNVERIFIED_BYTES_IN_FLIGHT);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request: FastifyRequest, payload: Readable) => {
    const declared = Number(request.headers['content-length'] ?? 0);
    const { bodyLimit = MAX_BODY_BYTES, config } = request.routeOptions;
    const budget = config.unverifiedBody ? unverified : verified;
    const take = (bytes: number) => {
      if (!budget.take(bytes)) return false;
      request.releaseBody.push(() => budget.give(bytes));
      return true;
    };
    return readRawBody(payload, bodyLimit, declared, take);
  });
  app.decorateRequest('releaseBody');
  app.addHook('onRequest', async (request, reply) => {
    request.releaseBody = [];
    // When the answer is out, or the client is gone.
    reply.raw.once('close', () => {
      for (const release of request.releaseBody.splice(0)) release();
    });
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

async function readRawBody(
  payload: Readable,
  limit: number,
  declared: number,
  take: (bytes: number) => boolean,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  let isHeld = declared <= limit;
  let isTooMuch = false;
  if (declared <= MAX_DISCARDED_BYTES) {
    for await (const chunk of chunksOf(payload)) {
      length += chunk.length;
      if (isHeld && length <= limit && !take(chunk.length)) isTooMuch = true;
      isHeld &&= length <= limit && !isTooMuch;
      if (isHeld) chunks.push(chunk);
      else chunks.length = 0;
      if (length > MAX_DISCARDED_BYTES) break;
    }
  }
  if (Math.max(length, declared) > limit) {
    throw new JobHeraldError('too_large', `The body has more than ${limit / MIB} MiB; send less.`);
  }
  if (isTooMuch) throw new JobHeraldError('unavailable', 'Too many bodies are being received; send this one again.');
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
