import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';
import type { Run } from './run';

export interface Deadline {
  /** Whether the job has been silent for longer than it promised. */
  isMissed(): boolean;
  /** Until the next heartbeat there is nothing to miss. */
  forget(): void;
}

/**
 * Watches the heartbeat deadline. A heartbeat that only moves it further away costs no timer of its own:
 * the timer there is fires, sees that the deadline has moved, and sleeps for the rest.
 */
export function startDeadline(run: Run): Deadline {
  let missed = false;
  let timer: CancellationScope | undefined;

  const forget = () => {
    missed = false;
    run.deadline = null;
    timer?.cancel();
  };

  void (async () => {
    while (!run.completedBy) {
      // Not also for the end of the job: every condition that is met costs the worker another turn of the workflow.
      await condition(() => run.deadline !== null);
      if (run.completedBy) return; // a heartbeat that comes after the end
      const until = run.deadline;
      if (until === null) continue;
      if (until <= Date.now()) {
        missed = true;
        run.deadline = null;
        continue;
      }
      timer = new CancellationScope();
      await Promise.race([sleepUntil(timer, until), condition(() => run.deadline === null || run.deadline < until)]);
      timer.cancel();
    }
  })();

  return { isMissed: () => missed, forget };
}

async function sleepUntil(timer: CancellationScope, until: number): Promise<void> {
  try {
    await timer.run(() => sleep(until - Date.now(), { summary: 'heartbeat deadline' }));
  } catch (error) {
    if (!isCancellation(error)) throw error;
  }
}
