import type { Client } from '@temporalio/client';
import type { Job } from '../../schemas/types';
import { isTerminalEventType } from '../domain/event-type';
import { viewRedeliveries } from './redelivery-runs';
import { jobDeliveries } from './run-deliveries';
import type { RunId } from './run-history';

export interface AuditedEndpoint {
  readonly endpoint: string;
  readonly state: Job['deliveries'][number]['state'];
  /** Of the last attempt, RFC 3339; null before the first. */
  readonly time: string | null;
  readonly attempts: number;
}

/** Who was to be notified of a job's end. */
export interface AuditedEndpoints {
  readonly endpoints: readonly AuditedEndpoint[];
  /** A delivery was given up of which nothing is known any more but that. */
  readonly isForgotten: boolean;
}

type AnyDelivery = Pick<
  Job['deliveries'][number],
  'id' | 'endpoint' | 'event' | 'state' | 'attempts' | 'attempt_count'
>;

/** The deliveries of a job's end, as redeliveries have left them. */
export async function auditedEndpoints(client: Client, run: RunId, job: Job): Promise<AuditedEndpoints> {
  const deliveries = await everyDelivery(client, run, job);
  const exhausted = deliveries.filter(({ state }) => state === 'exhausted').length;
  // What a job shows of its redeliveries is the last of them.
  const redeliveries = exhausted > 0 ? await viewRedeliveries(client, run.workflowId, { atMost: Infinity }) : [];
  const repaired = new Map(
    redeliveries.filter(({ state }) => state === 'delivered').map((each) => [each.delivery, each]),
  );
  const endpoints = deliveries
    .filter(({ event }) => isTerminalEventType(event))
    .map((delivery) => (delivery.state === 'exhausted' ? (repaired.get(delivery.id) ?? delivery) : delivery))
    .map(({ endpoint, state, attempts, attempt_count }) => ({
      endpoint,
      state,
      time: attempts.at(-1)?.time ?? null,
      attempts: attempt_count,
    }));
  return { endpoints, isForgotten: job.deliveries_settled.exhausted > exhausted };
}

/** A job shows the last that are settled. The histories of its runs have all of them, for as long as Temporal retains them. */
async function everyDelivery(
  client: Client,
  { workflowId, runId }: RunId,
  { deliveries, deliveries_settled }: Job,
): Promise<readonly AnyDelivery[]> {
  const settled = Object.values(deliveries_settled).reduce((sum, count) => sum + count, 0);
  if (deliveries.filter(({ state }) => state !== 'pending').length >= settled) return deliveries;
  const shown = new Set(deliveries.map(({ id }) => id));
  const others = (await jobDeliveries(client, workflowId, runId)).flatMap(({ request, result }): AnyDelivery[] => {
    const { delivery_id: id, event_type: event, subscription } = request;
    if (!result || shown.has(id)) return [];
    const { attempts, attempt_count } = result.progress;
    return [
      { id, event, endpoint: subscription.endpoint, state: result.state, attempts: [...attempts], attempt_count },
    ];
  });
  return [...others, ...deliveries];
}
