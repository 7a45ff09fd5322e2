import { CancellationScope, sleep, workflowInfo } from '@temporalio/workflow';

/** Temporal takes 4 MB from a worker at once, and ends a run whose workflow task has more commands than that. */
const MAX_BYTES_PER_TASK = 1024 * 1024;

/** Resolves when commands of so many bytes may be issued; at once, where this workflow task has room for them. */
export type CommandPacer = (bytes: number) => Promise<void>;

/** Of one run: what does not fit into a workflow task waits for the next, which a timer of a millisecond begins. */
export function createCommandPacer(): CommandPacer {
  let task = 0;
  let used = 0;
  let nextTask: Promise<void> | undefined;

  const waitForNextTask = (): Promise<void> => {
    // Not in the scope of whoever waits: others wait for the same timer.
    nextTask ??= CancellationScope.nonCancellable(() => sleep(1, { summary: 'the next part of many' })).then(() => {
      nextTask = undefined;
    });
    return nextTask;
  };

  return async (bytes) => {
    for (;;) {
      const { historyLength } = workflowInfo();
      if (historyLength !== task) {
        task = historyLength;
        used = 0;
      }
      if (used === 0 || used + bytes <= MAX_BYTES_PER_TASK) break;
      await waitForNextTask();
    }
    used += bytes;
  };
}
