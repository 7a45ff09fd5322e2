import { boundedAttempts, MAX_ATTEMPTS_BYTES } from '../src/domain/delivery';
import { type DeliveryRequest, type DeliveryResult, requestsOf } from '../src/domain/delivery-request';
import type { NoticeInput } from '../src/domain/notice';
import { jsonBytes } from '../src/domain/text-size';
import { createCommandPacer } from './command-pacer';
import { attemptFirst, attemptUntilSettled } from './deliver-activity';

/** Temporal takes 2 MiB for a result. */
const MAX_RESULT_BYTES = 1024 * 1024;

/**
 * One message that is no part of a job's own run, to one endpoint or to several side by side, delivered like every other: a
 * provider's event that is passed on, what operators are notified of, what tests an endpoint.
 */
export async function notice(input: NoticeInput): Promise<DeliveryResult[]> {
  const requests = requestsOf(input);
  const untilThereIsRoom = createCommandPacer();
  const results = await Promise.all(
    (await withFirstAttempts(requests)).map(async (request) => {
      if ('state' in request) return request;
      await untilThereIsRoom(jsonBytes(request));
      const { endpoint } = request.subscription;
      return attemptUntilSettled(request, `notifies ${endpoint}: ${request.event_type}`);
    }),
  );
  const each = Math.min(MAX_ATTEMPTS_BYTES, Math.floor(MAX_RESULT_BYTES / Math.max(1, results.length)));
  return results.map(({ progress, ...result }) => ({
    ...result,
    progress: { ...progress, attempts: boundedAttempts(progress.attempts, each) },
  }));
}

/** Several endpoints get their first attempt from one activity, whose argument holds a body that they share once. */
async function withFirstAttempts(
  requests: readonly DeliveryRequest[],
): Promise<readonly (DeliveryRequest | DeliveryResult)[]> {
  if (requests.length < 2) return requests;
  const results = await attemptFirst(requests, `first/${requests[0]?.message.id}`);
  return requests.map((request) => {
    const result = results[request.delivery_id];
    if (result?.kind === 'settled') {
      const { kind: _, ...settledResult } = result;
      return settledResult;
    }
    return result ? { ...request, progress: result.progress } : request;
  });
}
