import { JobHeraldError } from '../../domain/jobherald-error';
import type { IngressRoute } from '../ingress';
import { reportDeadLetter, resultOf } from '../take-hint';
import type { Spec001Config } from './config';
import { MAX_MESSAGE_BYTES, PROVIDER, takeMessage } from './consumer/take-message';
import { describeFaults } from './faults';
import { readMessageBytes } from './read-message';

const ORIGIN = { provider: PROVIDER, transport: 'http' } as const;

/** A message of SPEC-001 by HTTP, in place of Kafka. */
export const spec001Routes: readonly IngressRoute<Spec001Config>[] = [
  {
    path: '/ingress/spec-001',
    needsToken: true,
    async take({ id, body }, _config, { inbox, metrics, logger, notifyOperations }) {
      const message = readBody(body);
      try {
        await takeMessage(message, inbox);
      } catch (error) {
        const result = resultOf(error);
        metrics.hints.inc({ ...ORIGIN, result });
        if (result === 'dead_letter') {
          const about = { ...ORIGIN, request_id: id, job: message.job, key: message.key };
          reportDeadLetter({ notifyOperations, logger }, about, (error as Error).message);
        }
        throw error;
      }
      metrics.hints.inc({ ...ORIGIN, result: 'accepted' });
    },
    answer: 202,
    description: {
      operationId: 'sendSpec001Message',
      summary: 'A STATUS or HEARTBEAT of the Standard Job Notification API (SPEC-001)',
      description: 'Takes the same tokens as /v1. At most 256 KiB.',
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Spec001Message' } } },
      },
      refusals: ['bad_request', 'unauthorized', 'job_not_found', 'too_large', 'unprocessable', 'unavailable'],
    },
  },
];

/** @throws {JobHeraldError} `bad_request` for what is not JSON, `too_large`, `unprocessable` with every fault */
function readBody(body: Buffer | undefined) {
  if (body !== undefined && body.length > MAX_MESSAGE_BYTES) {
    throw new JobHeraldError('too_large', 'A message of SPEC-001 has at most 256 KiB here.');
  }
  const read = readMessageBytes(body);
  if (read.kind !== 'invalid') return read;
  const { faults } = read;
  throw new JobHeraldError('unprocessable', `${describeFaults(faults)}.`, { faults });
}
