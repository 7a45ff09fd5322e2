import { inWorkflowContext } from '@temporalio/workflow';

/**
 * What a run does side by side with its main course. Should it fail, the workflow task fails. But of a run whose worker has already
 * put it away, nobody hears: the SDK leaves steps undone where a workflow task fails or takes 5 s, as it does on a machine that
 * stands still, and runs them while it evicts the run, where none of its functions can be called. A rejection that nobody takes
 * would end the whole worker then (seen with SDK 1.24); the run is taken up again from its history all the same.
 */
export function inBackground(work: Promise<void>): void {
  work.catch((error: unknown) => {
    if (inWorkflowContext()) throw error;
  });
}
