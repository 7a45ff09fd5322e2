import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TencentBatchConfig } from '../../config/config';
import { JobHeraldError } from '../../domain/jobherald-error';
import type { ProviderInbox } from '../../engine/provider-inbox';
import { MAX_PUSH_BYTES } from '../../gateway/body/raw-body';
import { isOversized, OVERSIZED } from '../../gateway/ingress/push-route';
import { type HintTaker, type Origin, type Sent, take, takeHint } from '../../gateway/ingress/take-hint';
import { assertStorable } from '../../validation/json-body';
import type { Reading } from './hints/batch-event';
import { readCmqPush } from './hints/cmq-push';

const ORIGIN: Origin = { provider: 'tencent-batch', transport: 'tencent_cmq' };

export interface CmqTaker extends HintTaker {
  readonly inbox: ProviderInbox;
}

/**
 * CMQ's push over HTTP. CMQ signs nothing, so the last part of the path is a secret: a path with another is not there,
 * and without a configured one neither is the route. Answers 204 when every event of the body is safe in Temporal or of
 * no use; CMQ sends the message again after anything but 2xx.
 * Source: https://www.tencentcloud.com/document/product/406/7420 (delivering messages to an HTTP endpoint)
 */
export function tencentCmqRoute(
  app: FastifyInstance,
  { callbackToken }: Pick<TencentBatchConfig, 'callbackToken'>,
  taker: CmqTaker,
): void {
  if (callbackToken === '') return;
  const onRequest = requirePathToken(callbackToken);
  app.post('/ingress/tencent-cmq/:callback_token', { bodyLimit: MAX_PUSH_BYTES, onRequest }, async (request, reply) => {
    for (const [event, reading] of readingsOf(request).entries()) {
      // One after the other: what is passed on keeps its order.
      await takeReading(reading, { request_id: request.id, event }, taker);
    }
    return reply.code(204).send();
  });
}

/** @throws {JobHeraldError} `not_found`, in the words of a path that is not there */
function requirePathToken(token: string) {
  const expected = digest(token);
  return async (request: FastifyRequest): Promise<void> => {
    const { callback_token: given } = request.params as { readonly callback_token: string };
    // Digests have one length, so the time taken tells nothing about the token.
    if (!timingSafeEqual(expected, digest(given))) {
      throw new JobHeraldError('not_found', 'There is nothing at this path; /openapi.json lists every route.');
    }
  };
}

function readingsOf({ body, headers }: FastifyRequest): readonly Reading[] {
  if (isOversized(body)) return [OVERSIZED];
  return readCmqPush(body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : '', headers, Date.now());
}

async function takeReading(reading: Reading, sent: Sent, taker: CmqTaker): Promise<void> {
  switch (reading.kind) {
    case 'event': {
      const { job, event } = reading;
      const handOn = async () => {
        assertStorable(event.message);
        await taker.inbox.passOn(ORIGIN.provider, job, event);
      };
      return take(handOn, { kind: 'event', said: { job, key: event.key, type: event.type } }, sent, ORIGIN, taker);
    }
    case 'event_without_job': {
      const { event } = reading;
      const handOn = async () => {
        assertStorable(event.message);
        await taker.inbox.passOnWithoutJob(ORIGIN.provider, event);
      };
      return take(handOn, { kind: 'event', said: { key: event.key, type: event.type } }, sent, ORIGIN, taker);
    }
    default:
      return takeHint(reading, sent, ORIGIN, taker);
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
