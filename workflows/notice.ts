import type { DeliveryRequest, DeliveryResult } from '../src/domain/delivery-request';
import type { NoticeInput } from '../src/domain/notice';
import { attemptUntilSettled } from './deliver-activity';

/**
 * Messages that belong to no job, e.g. to operators or to test an endpoint, delivered like every other: one alone, or
 * the same event to several endpoints side by side.
 */
export async function notice(input: DeliveryRequest | NoticeInput): Promise<DeliveryResult | DeliveryResult[]> {
  if (!('requests' in input)) return notify(input);
  return Promise.all(input.requests.map(notify));
}

function notify(request: DeliveryRequest): Promise<DeliveryResult> {
  return attemptUntilSettled(request, `notifies ${request.subscription.endpoint}: ${request.event_type}`);
}
