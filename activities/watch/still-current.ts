import type { Info } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';

/** How long an answer of Temporal is relied on. */
const RELIED_ON_MS = 15_000;

/**
 * Makes sure that this attempt is still the one that Temporal counts on: a worker that was cut off from Temporal, and
 * replaced, must not go on to ask the provider beside its successor.
 * @returns a check that throws where the attempt is not current, or where Temporal does not answer
 */
export function createStillCurrent(client: Client, info: Info): () => Promise<void> {
  let confirmedAt = -Infinity;
  return async () => {
    if (performance.now() - confirmedAt < RELIED_ON_MS) return;
    const { workflowExecution, activityId, attempt } = info;
    if (!workflowExecution) return;
    const { raw } = await client.workflow.getHandle(workflowExecution.workflowId, workflowExecution.runId).describe();
    const own = raw.pendingActivities?.find((activity) => activity.activityId === activityId);
    if (own?.attempt !== attempt) {
      const message = 'another attempt of this watch has taken over';
      throw ApplicationFailure.create({ type: 'Superseded', message, category: ApplicationFailureCategory.BENIGN });
    }
    confirmedAt = performance.now();
  };
}
