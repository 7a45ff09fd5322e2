import { makeContinueAsNewFunc, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/types';
import type { JobInput, PlannedDelivery } from '../../src/domain/job-run';
import type { Run } from './run';

const { readPendingDeliveries } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '5 seconds',
  scheduleToCloseTimeout: '1 minute',
  summary: 'reads how far the pending deliveries have come',
});

/**
 * Goes on in a new run with an empty history. Waits for no endpoint: a delivery that is still being tried goes
 * along with its bytes, its attempts and the part of its window it has used. Never returns.
 */
export async function continueAsNew({ input, state, persistent }: Run): Promise<never> {
  const anyPending = state.deliveries.some(({ kind }) => kind === 'pending');
  const progress = anyPending ? await readPendingDeliveries() : {};
  // No await from here on: a signal that comes in now makes Temporal run this task again, with the signal in it.
  // Search attributes go along by themselves; of the memo only what the first run was started with would.
  const { memo } = workflowInfo();
  const again = makeContinueAsNewFunc<(input: JobInput) => Promise<unknown>>(memo ? { memo } : {});
  const withProgress = (planned: PlannedDelivery): PlannedDelivery => {
    if (planned.kind === 'settled') return planned;
    return { ...planned, progress: progress[planned.id] ?? planned.progress };
  };
  // A question under way ends with this run; the next one asks again.
  const question = state.question ?? (persistent && (persistent.by === 'signal' ? 'signal' : 'poll'));
  return again({ ...input, carried: { ...state, question, deliveries: state.deliveries.map(withProgress) } });
}
