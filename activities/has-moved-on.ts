import type { Client } from '@temporalio/client';

/**
 * Whether the run has learned the end of its job by another way and is telling it: then there is nothing left to
 * poll for. Asked once for each poll, so that noticing costs the run no event for a cancellation.
 */
export async function hasMovedOn(client: Client, run: { workflowId: string; runId: string }): Promise<boolean> {
  try {
    const { memo, status } = await client.workflow.getHandle(run.workflowId, run.runId).describe();
    return status.name !== 'RUNNING' || memo?.['ended'] !== undefined;
  } catch {
    return false; // Temporal does not answer just now: one question too many to the provider is the lesser evil
  }
}
