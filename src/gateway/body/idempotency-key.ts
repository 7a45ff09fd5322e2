import type { FastifyRequest } from 'fastify';
import { JobHeraldError } from '../../domain/jobherald-error';

/** RFC 9110, section 5.5: what else a header may hold is of no known encoding. */
const VISIBLE_ASCII = /^[\t\x20-\x7e]*$/;

/**
 * A body with the `Idempotency-Key` header as its member `idempotency_key`: both mean the same.
 * Source: draft-ietf-httpapi-idempotency-key-header, whose quotes, where a client sends them, are part of the key.
 * @throws {JobHeraldError} `bad_request` where header and body, or two headers, say different keys, and for one that is not
 *   ASCII: nobody knows which characters its bytes are
 */
export function withIdempotencyKey(request: FastifyRequest, body: unknown): unknown {
  const [key, ...more] = new Set(request.raw.headersDistinct['idempotency-key'] ?? []);
  if (key === undefined) return body;
  if (more.length > 0) throw new JobHeraldError('bad_request', 'Send one Idempotency-Key header; there are two.');
  if (!VISIBLE_ASCII.test(key)) {
    throw new JobHeraldError(
      'bad_request',
      'The Idempotency-Key header holds bytes that are not ASCII; send the key as idempotency_key in the body.',
    );
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;

  if ('idempotency_key' in body && body.idempotency_key !== key) {
    throw new JobHeraldError(
      'bad_request',
      'The Idempotency-Key header and idempotency_key differ; send one of them.',
      {
        faults: [{ pointer: '/idempotency_key', detail: 'differs from the Idempotency-Key header' }],
      },
    );
  }
  return { ...body, idempotency_key: key };
}
