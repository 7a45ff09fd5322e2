import { makeContinueAsNewFunc, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/types';
import type { CarriedRun, DeliveryProgress, JobInput, PlannedDelivery } from '../../src/domain/job-run';
import type { Run } from './run';

const { readPendingDeliveries } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '5 seconds',
  scheduleToCloseTimeout: '1 minute',
  summary: 'reads how far the pending deliveries have come',
});

/** Whether the history has grown so long that Temporal asks for a new run. */
export function runIsLong(): boolean {
  return workflowInfo().continueAsNewSuggested;
}

/**
 * Goes on in a new run with an empty history. Waits for no endpoint: a delivery that is still being tried goes
 * along with its bytes, its attempts and the part of its window it has used. Never returns.
 */
export async function continueInANewRun(run: Run): Promise<never> {
  const anyPending = run.deliveries.some(({ delivery }) => delivery.state === 'pending');
  const progress = anyPending ? await readPendingDeliveries() : {};
  // No await from here on: a signal that comes in now makes Temporal run this task again, with the signal in it.
  // Search attributes go along by themselves; of the memo only what the first run was started with would.
  const { memo } = workflowInfo();
  const continueAsNew = makeContinueAsNewFunc<(input: JobInput) => Promise<unknown>>(memo ? { memo } : {});
  return continueAsNew({ ...run.input, carried: carry(run, progress) });
}

function carry(run: Run, progress: Readonly<Record<string, DeliveryProgress>>): CarriedRun {
  return {
    status: run.status,
    completed_by: run.completedBy,
    sequence: run.sequence,
    pace_since: run.paceSince,
    deadline: run.deadline,
    ...(run.deadlineSeconds === null ? {} : { deadline_seconds: run.deadlineSeconds }),
    ...(run.lapses === 0 ? {} : { lapses: run.lapses }),
    ...(run.stalls === 0 ? {} : { stalls: run.stalls }),
    ...(run.timeoutAt === null ? {} : { timeout_at: run.timeoutAt }),
    ...(run.callback === null ? {} : { callback: run.callback }),
    ...(run.released ? { released: true } : {}),
    seen_keys: [...run.seenKeys],
    running_told: run.runningTold,
    hinted: run.hinted,
    cancel: run.cancel,
    deliveries: run.deliveries.map((planned) => withProgress(planned, progress[planned.delivery.id])),
  };
}

function withProgress(planned: PlannedDelivery, progress: DeliveryProgress | undefined): PlannedDelivery {
  return progress && planned.delivery.state === 'pending' ? { ...planned, progress } : planned;
}
