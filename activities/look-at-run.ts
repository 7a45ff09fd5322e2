import { activityInfo } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { pendingActivities } from '../src/engine/pending-activities';

export interface SeenFromOutside {
  /**
   * Whether the run has learned the end of its job by another way and is telling it: then there is nothing left to poll
   * for.
   */
  readonly movedOn: boolean;
  /** What earlier attempts of this activity have recorded. */
  readonly recorded: unknown;
}

/**
 * What Temporal knows of the activity's own run. Asked once for each poll, so that noticing the end costs the run no
 * event for a cancellation.
 */
export async function lookAtRun(client: Client, run: { workflowId: string; runId: string }): Promise<SeenFromOutside> {
  try {
    const description = await client.workflow.getHandle(run.workflowId, run.runId).describe();
    const { memo, status } = description;
    const pending = await pendingActivities(client, description);
    return {
      movedOn: status.name !== 'RUNNING' || memo?.['ended'] !== undefined,
      recorded: pending.find(({ id }) => id === activityInfo().activityId)?.details,
    };
  } catch {
    // Temporal does not answer just now: one question too many to the provider is the lesser evil.
    return { movedOn: false, recorded: undefined };
  }
}
