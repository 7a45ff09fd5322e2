import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import type { JobStatus } from '../../src/domain/job-status';
import type { Run } from './run';

export interface Timeout {
  isOver(): boolean;
  /** The job has ended otherwise. */
  forget(): void;
}

/** Watches how long the job may take in all, where its rules say so. */
export function startTimeout({ timeoutAt }: Run): Timeout {
  if (timeoutAt === null) return { isOver: () => false, forget: () => undefined };

  let over = false;
  const timer = new CancellationScope();
  timer
    .run(() => sleep(Math.max(1, timeoutAt - Date.now()), { summary: 'how long the job may take' }))
    .then(() => {
      over = true;
    })
    .catch((error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
  return { isOver: () => over, forget: () => timer.cancel() };
}

/** The end of a job that took too long. A success that comes later does not undo it. */
export function timedOut({ status, rules }: Run): JobStatus {
  return {
    ...status,
    state: 'FAILED',
    provider_state: status.provider_state || 'FAILED',
    reason: 'TIMED_OUT',
    message: `The job did not end within ${rules.timeout_seconds} s.`,
    ended_at: new Date(Date.now()).toISOString(),
  };
}
