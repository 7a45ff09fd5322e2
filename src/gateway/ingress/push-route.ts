import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ReadHint } from '../../providers/hint';
import { MAX_BODY_BYTES, MAX_PUSH_BYTES } from '../body/raw-body';
import { type HintTaker, type Origin, takeHint } from './take-hint';

export interface PushRoute extends Origin {
  readonly path: string;
  /** Never throws: what cannot be read is a dead letter. */
  readonly read: (body: unknown, headers: FastifyRequest['headers']) => ReadHint;
}

/** A route that takes hints. Answers 204 when the sender may forget what it sent, whatever became of it. */
export function pushRoute(app: FastifyInstance, { path, read, ...origin }: PushRoute, taker: HintTaker): void {
  app.post(path, { bodyLimit: MAX_PUSH_BYTES }, async (request, reply) => {
    const hint = isOversized(request.body) ? OVERSIZED : read(request.body, request.headers);
    await takeHint(hint, { request_id: request.id }, origin, taker);
    return reply.code(204).send();
  });
}

export const OVERSIZED: ReadHint = { kind: 'dead_letter', reason: 'the body has more than 1 MiB, which no hint needs' };

export function isOversized(body: unknown): boolean {
  return body instanceof Uint8Array && body.length > MAX_BODY_BYTES;
}
