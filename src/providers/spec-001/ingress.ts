import type { FastifyInstance } from 'fastify';
import { JobHeraldError } from '../../domain/jobherald-error';
import type { ProviderInbox } from '../../engine/provider-inbox';
import { resultOf } from '../../gateway/ingress/take-hint';
import type { GatewayMetrics } from '../../gateway/observe/metrics';
import { ACCEPTED } from '../../gateway/routes/accepted';
import { parseJson } from '../../validation/json-body';
import { MAX_MESSAGE_BYTES, PROVIDER, takeMessage } from './consumer/take-message';
import { readMessage } from './read-message';

/** A message of SPEC-001 by HTTP, in place of Kafka. Answers 202 when it is safe in Temporal. */
export function spec001Route(app: FastifyInstance, inbox: ProviderInbox, metrics: GatewayMetrics): void {
  app.post('/ingress/spec-001', async (request, reply) => {
    const message = readBody(request.body as Buffer | undefined);
    const origin = { provider: PROVIDER, transport: 'http' } as const;
    try {
      await takeMessage(message, inbox);
    } catch (error) {
      metrics.hints.inc({ ...origin, result: resultOf(error) });
      throw error;
    }
    metrics.hints.inc({ ...origin, result: 'accepted' });
    return reply.code(202).send(ACCEPTED);
  });
}

/** @throws {JobHeraldError} `bad_request` for what is not JSON, `too_large`, `unprocessable` with every fault */
function readBody(body: Buffer | undefined) {
  if (body !== undefined && body.length > MAX_MESSAGE_BYTES) {
    throw new JobHeraldError('too_large', 'A message of SPEC-001 has at most 256 KiB here.');
  }
  const read = readMessage(parseJson(body));
  if (read.kind !== 'invalid') return read;
  const { faults } = read;
  const summary = faults.map(({ pointer, detail }) => `${pointer || 'The body'} ${detail}`).join('; ');
  throw new JobHeraldError('unprocessable', `${summary}.`, { faults });
}
