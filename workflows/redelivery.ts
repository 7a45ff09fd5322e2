import { upsertSearchAttributes } from '@temporalio/workflow';
import { type Delivery, withBoundedAttempts } from '../src/domain/delivery';
import { type DeliveryRequest, requestsOf, settledDelivery } from '../src/domain/delivery-request';
import type { RedeliveryInput } from '../src/domain/redelivery';
import { SEARCH_ATTRIBUTES } from '../src/domain/search-attributes';
import { jsonBytes } from '../src/domain/text-size';
import { type CommandPacer, createCommandPacer } from './command-pacer';
import { attemptUntilSettled } from './deliver-activity';

/** Sends the events of a job's run again: in order at each endpoint, the endpoints side by side. */
export async function redelivery(input: RedeliveryInput): Promise<Delivery[]> {
  const requests = requestsOf(input);
  const untilThereIsRoom = createCommandPacer();
  const endpoints = [...new Set(requests.map(({ subscription }) => subscription.endpoint))];
  const deliveries = (
    await Promise.all(endpoints.map((endpoint) => redeliverTo(endpoint, requests, untilThereIsRoom)))
  ).flat();

  const states = [...new Set(deliveries.map(({ state }) => state))].sort();
  upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.DeliveryState, value: states }]);
  return withBoundedAttempts(deliveries);
}

async function redeliverTo(
  endpoint: string,
  requests: readonly DeliveryRequest[],
  untilThereIsRoom: CommandPacer,
): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  for (const request of requests.filter(({ subscription }) => subscription.endpoint === endpoint)) {
    await untilThereIsRoom(jsonBytes(request));
    const summary = `notifies ${endpoint} again: ${request.event_type}`;
    deliveries.push(settledDelivery(request, await attemptUntilSettled(request, summary)));
  }
  return deliveries;
}
