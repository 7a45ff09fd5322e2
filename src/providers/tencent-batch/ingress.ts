import { createHash, timingSafeEqual } from 'node:crypto';
import { JobHeraldError } from '../../domain/jobherald-error';
import { assertStorable } from '../../validation/json-body';
import type { Authenticate, IngressContext, IngressRequest, IngressRoute } from '../ingress';
import { isOversized, MAX_PUSH_BYTES, type Origin, OVERSIZED, type Sent, take, takeHint } from '../take-hint';
import type { TencentBatchConfig } from './config';
import type { Reading } from './hints/batch-event';
import { readCmqPush } from './hints/cmq-push';

const ORIGIN: Origin = { provider: 'tencent-batch', transport: 'tencent_cmq' };

/**
 * CMQ's push over HTTP. CMQ signs nothing, so the last part of the path is a secret: a path with another is not there,
 * and without a configured one neither is the route. CMQ sends the message again after anything but 2xx.
 * Source: https://www.tencentcloud.com/document/product/406/7420 (delivering messages to an HTTP endpoint)
 */
export const tencentBatchRoutes: readonly IngressRoute<TencentBatchConfig>[] = [
  {
    path: '/ingress/tencent-cmq/:callback_token',
    isOffered: ({ callbackToken }) => callbackToken !== '',
    authenticate: ({ callbackToken }) => requirePathToken(callbackToken),
    maxBytes: MAX_PUSH_BYTES,
    async take(request, _config, context) {
      for (const [event, reading] of readingsOf(request).entries()) {
        // One after the other, so that one body takes one turn at a time.
        await takeReading(reading, { request_id: request.id, event }, context);
      }
    },
    answer: 204,
    description: {
      operationId: 'pushTencentCmq',
      summary: 'CMQ push of Tencent Batch events: JSON, base64 and SIMPLIFIED bodies',
      description:
        'Only where providers.tencent-batch.callback_token is configured; a path with another token is not there. ' +
        'Source: https://www.tencentcloud.com/document/product/406/7420',
      security: [],
      parameters: [
        {
          name: 'callback_token',
          in: 'path',
          required: true,
          description: 'providers.tencent-batch.callback_token: CMQ signs nothing, so the path is the secret.',
          schema: { type: 'string' },
        },
      ],
      requestBody: { required: true, content: { 'text/plain': { schema: {} }, 'application/json': { schema: {} } } },
      taken: 'Every event is safe in Temporal, or of no use now and if it came again.',
      refusals: ['bad_request', 'forbidden', 'not_found', 'too_large', 'unavailable'],
    },
  },
];

/** @throws {JobHeraldError} `not_found`, in the words of a path that is not there */
function requirePathToken(token: string): Authenticate {
  const expected = digest(token);
  return async ({ params }) => {
    // Digests have one length, so the time taken reveals nothing about the token.
    if (!timingSafeEqual(expected, digest(params['callback_token'] ?? ''))) {
      throw new JobHeraldError('not_found', 'There is nothing at this path; /openapi.json lists every route.');
    }
  };
}

function readingsOf({ body, headers }: IngressRequest): readonly Reading[] {
  if (isOversized(body)) return [OVERSIZED];
  return readCmqPush(body?.toString('utf8') ?? '', headers, Date.now());
}

async function takeReading(reading: Reading, sent: Sent, context: IngressContext): Promise<void> {
  switch (reading.kind) {
    case 'event': {
      const { job, event } = reading;
      const handOn = async () => {
        assertStorable(event.message);
        await context.inbox.passOn(ORIGIN.provider, job, event);
      };
      return take(handOn, { kind: 'event', said: { job, key: event.key, type: event.type } }, sent, ORIGIN, context);
    }
    case 'event_without_job': {
      const { event } = reading;
      const handOn = async () => {
        assertStorable(event.message);
        await context.inbox.passOnWithoutJob(ORIGIN.provider, event);
      };
      return take(handOn, { kind: 'event', said: { key: event.key, type: event.type } }, sent, ORIGIN, context);
    }
    default:
      return takeHint(reading, sent, ORIGIN, context);
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
