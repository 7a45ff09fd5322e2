import { makeContinueAsNewFunc, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/types';
import { carriedInput } from '../../src/domain/carried-input';
import type { JobInput, PendingDelivery } from '../../src/domain/job-run';
import { idOf } from './planned-deliveries';
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
export async function continueAsNew(run: Run): Promise<never> {
  const { state, persistent } = run;
  const progress = state.pending.length > 0 ? await readPendingDeliveries() : {};
  // No await from here on: a signal that comes in now makes Temporal run this task again, with the signal in it.
  // Search attributes go along by themselves; of the memo only what the first run was started with would.
  const { unscheduled: _, ...memo } = workflowInfo().memo ?? {};
  const again = makeContinueAsNewFunc<(input: JobInput) => Promise<unknown>>({ memo });
  const withProgress = (planned: PendingDelivery): PendingDelivery => {
    const reached = progress[idOf(state, planned)];
    return reached ? { ...planned, progress: reached } : planned;
  };
  // A question under way ends with this run; the next one asks again.
  const question = state.question ?? (persistent && (persistent.by === 'signal' ? 'signal' : 'poll'));
  const pending = state.pending.map(withProgress);
  return again(carriedInput(run.input, { ...state, question, pending }));
}
