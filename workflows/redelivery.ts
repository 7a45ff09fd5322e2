import { upsertSearchAttributes } from '@temporalio/workflow';
import type { Delivery } from '../src/domain/delivery';
import type { DeliveryRequest } from '../src/domain/delivery-request';
import type { RedeliveryInput } from '../src/domain/redelivery';
import { SEARCH_ATTRIBUTES } from '../src/domain/search-attributes';
import { attemptUntilSettled } from './deliver-activity';

/** Sends the events of a job's run again: in order at each endpoint, the endpoints side by side. */
export async function redelivery({ requests }: RedeliveryInput): Promise<Delivery[]> {
  const endpoints = [...new Set(requests.map(({ subscription }) => subscription.endpoint))];
  const deliveries = (await Promise.all(endpoints.map((endpoint) => redeliverTo(endpoint, requests)))).flat();

  const states = [...new Set(deliveries.map(({ state }) => state))].sort();
  upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.DeliveryState, value: states }]);
  return deliveries;
}

async function redeliverTo(endpoint: string, requests: readonly DeliveryRequest[]): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  for (const request of requests.filter(({ subscription }) => subscription.endpoint === endpoint)) {
    const summary = `notifies ${endpoint} again: ${request.event_type}`;
    const { state, progress, reason } = await attemptUntilSettled(request, summary);
    deliveries.push({
      id: request.delivery_id,
      endpoint,
      event: request.event_type,
      webhook_id: request.message.id,
      state,
      attempts: progress.attempts,
      attempt_count: progress.attempt_count,
      ...(reason === undefined ? {} : { reason }),
    });
  }
  return deliveries;
}
