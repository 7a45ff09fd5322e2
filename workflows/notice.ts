import type { DeliveryRequest, DeliveryResult } from '../src/domain/delivery-request';
import { attemptUntilSettled } from './deliver-activity';

/** One message that belongs to no job, e.g. to operators or to test an endpoint, delivered like every other. */
export function notice(request: DeliveryRequest): Promise<DeliveryResult> {
  return attemptUntilSettled(request, `tells ${request.subscription.endpoint}: ${request.event_type}`);
}
