import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { JobDelivery } from '../../schemas/types';
import { NO_PROGRESS, type SettledCounts, type SettledState } from '../domain/delivery';
import type { AttemptResult, DeliveryResult, RetryLater } from '../domain/delivery-request';
import { type JobMemo, NOTHING_SETTLED, type RunState, shownCounts } from '../domain/job-run';
import { type PendingActivity, pendingDeliveries } from './pending-activities';
import { type RecordedDelivery, runDeliveries } from './run-deliveries';

/** The deliveries of a run that is open, or that was broken off. */
export interface OpenDeliveries {
  readonly deliveries: readonly JobDelivery[];
  /** How many are settled, listed or not. */
  readonly settled: SettledCounts;
}

export const NO_DELIVERIES: OpenDeliveries = { deliveries: [], settled: { delivered: 0, gone: 0, exhausted: 0 } };

/**
 * What activities have settled stands in the history, what they are trying in the pending activities, what waits for another in the
 * memo, and what an earlier run knew in what it handed on.
 */
export async function openDeliveries(
  client: Client,
  { workflowId, runId }: Pick<WorkflowExecutionDescription, 'workflowId' | 'runId'>,
  pending: readonly PendingActivity[],
  { ended, unscheduled }: Partial<JobMemo>,
): Promise<OpenDeliveries> {
  const underWay = pendingDeliveries(pending);
  const { recorded, carried } = await runDeliveries(client, workflowId, runId);
  const tried = recorded.map((delivery) => triedDelivery(delivery, underWay));

  const byId = new Map<string, JobDelivery>();
  const add = (delivery: JobDelivery, isNewer: boolean) => {
    const known = byId.get(delivery.id);
    if (!known || (known.state === 'pending' && isNewer)) byId.set(delivery.id, delivery);
  };
  for (const delivery of carried?.settled ?? []) add(delivery, true);
  for (const delivery of carriedPending(carried)) add(delivery, false);
  for (const delivery of ended?.deliveries ?? []) add(delivery, delivery.state !== 'pending');
  for (const delivery of tried) add(delivery, true);
  for (const delivery of unscheduled?.deliveries ?? []) add(delivery, delivery.state !== 'pending');

  const before = shownCounts(carried?.settledCounts ?? NOTHING_SETTLED);
  const count = (state: SettledState) => before[state] + tried.filter((delivery) => delivery.state === state).length;
  return {
    deliveries: [...byId.values()],
    settled: {
      delivered: count('delivered'),
      gone: count('gone') + (unscheduled?.overtaken ?? 0),
      exhausted: count('exhausted'),
    },
  };
}

function triedDelivery(
  { request, result: known, progress: reached }: RecordedDelivery,
  underWay: ReadonlyMap<string, AttemptResult>,
): JobDelivery {
  const attempted = underWay.get(request.delivery_id);
  const later = attempted?.kind === 'retry_later' ? attempted : undefined;
  const result = known ?? (attempted?.kind === 'settled' ? attempted : undefined);
  const progress = result?.progress ?? later?.progress ?? reached ?? request.progress;
  return {
    id: request.delivery_id,
    endpoint: request.subscription.endpoint,
    event: request.event_type,
    webhook_id: request.message.id,
    state: result?.state ?? 'pending',
    attempts: progress.attempts,
    attempt_count: progress.attempt_count,
    ...reasonOf(result, later),
  };
}

/** What a run was handed and has not begun to try. */
function carriedPending({ pending, bodies }: Partial<RunState> = {}): JobDelivery[] {
  return (pending ?? []).flatMap(({ endpoint, event, body, progress = NO_PROGRESS }) => {
    const webhook_id = bodies?.[body]?.id;
    if (webhook_id === undefined) return [];
    const { attempts, attempt_count } = progress;
    const id = `${endpoint}/${webhook_id}`;
    return [{ id, endpoint, event, webhook_id, state: 'pending' as const, attempts, attempt_count }];
  });
}

/** Why a delivery was not delivered, or why it waits without an attempt; the attempts say the rest. */
function reasonOf(result: DeliveryResult | undefined, later: RetryLater | undefined): { readonly reason?: string } {
  if (result) return result.reason === undefined ? {} : { reason: result.reason };
  return later && WAITS.has(later.type) ? { reason: later.why } : {};
}

const WAITS: ReadonlySet<string> = new Set([
  'EndpointPaused',
  'CircuitOpen',
  'EndpointBusy',
  'EndpointMissing',
  'LookingUp',
]);
