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

/** How far deliveries have come, by their ids. */
export type Reached = Awaited<ReturnType<Activities['readPendingDeliveries']>>;

/** Asked before the run continues as new. Where Temporal is slow that takes long enough for something to happen meanwhile. */
export async function readReached({ state }: Run): Promise<Reached> {
  return state.pending.length > 0 ? await readPendingDeliveries() : {};
}

/**
 * Goes on in a new run with an empty history. Waits for no endpoint: a delivery that is still being tried goes
 * along with its bytes, its attempts and the part of its window it has used. Never returns.
 */
export function continueAsNew(run: Run, progress: Reached): Promise<never> {
  const { state, persistent } = run;
  // Nothing is awaited here: a signal that comes in now makes Temporal run this task again, with the signal in it.
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
