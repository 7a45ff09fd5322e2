import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';
import type { Run } from './run';

export interface Deadline {
  /** A sign of life is expected until then, epoch ms. */
  expectUntil(until: number): void;
  /** Whether the job has been silent for longer than it promised. */
  isMissed(): boolean;
  /** Until the next heartbeat there is nothing to miss. */
  forget(): void;
}

/**
 * Watches the heartbeat deadline, for as long as there is one. A heartbeat that only moves it further away costs no timer
 * of its own: the timer there is fires, sees that the deadline has moved, and sleeps for the rest.
 */
export function startDeadline(run: Run): Deadline {
  let missed = false;
  let watching = false;
  let timer: CancellationScope | undefined;

  const watch = async () => {
    watching = true;
    while (run.deadline !== null && !run.completedBy) {
      const until = run.deadline;
      if (until <= Date.now()) {
        missed = true;
        run.deadline = null;
        break;
      }
      timer = new CancellationScope();
      await timer.run(() => untilOverOr(until, () => run.deadline === null || run.deadline < until));
      timer.cancel();
      // So that the timer is cancelled before the next one begins: that is the order in every history there is.
      await Promise.resolve();
    }
    watching = false;
  };

  const watchOn = () => {
    if (!watching && run.deadline !== null) void watch();
  };

  watchOn(); // for what the job was submitted with, or an earlier run handed on
  return {
    expectUntil(until) {
      run.deadline = until;
      watchOn();
    },
    isMissed: () => missed,
    forget() {
      missed = false;
      run.deadline = null;
      timer?.cancel();
    },
  };
}

/** Ends with the scope it is called in, too. */
async function untilOverOr(until: number, isSooner: () => boolean): Promise<void> {
  try {
    await Promise.race([sleep(until - Date.now(), { summary: 'heartbeat deadline' }), condition(isSooner)]);
  } catch (error) {
    if (!isCancellation(error)) throw error;
  }
}
