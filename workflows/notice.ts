import { sleep } from '@temporalio/workflow';
import { type DeliveryRequest, type DeliveryResult, requestsOf } from '../src/domain/delivery-request';
import type { NoticeInput } from '../src/domain/notice';
import { attemptFirst, attemptUntilSettled } from './deliver-activity';

/** Temporal takes 4 MB of commands from one workflow task. */
const MAX_TOGETHER_BYTES = 1024 * 1024;

/**
 * One message that is no part of a job's own run, to one endpoint or to several side by side, delivered like every other: a
 * provider's event that is passed on, what operators are notified of, what tests an endpoint.
 */
export async function notice(input: NoticeInput): Promise<DeliveryResult[]> {
  const requests = requestsOf(input);
  const settled: Promise<DeliveryResult>[] = [];
  let bytes = 0;
  for (const request of await withFirstAttempts(requests)) {
    if ('state' in request) {
      settled.push(Promise.resolve(request));
      continue;
    }
    const size = request.message.body.length;
    if (bytes > 0 && bytes + size > MAX_TOGETHER_BYTES) {
      await sleep(1); // the next workflow task
      bytes = 0;
    }
    bytes += size;
    const { endpoint } = request.subscription;
    settled.push(attemptUntilSettled(request, `notifies ${endpoint}: ${request.event_type}`));
  }
  return Promise.all(settled);
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
