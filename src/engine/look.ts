import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { LOOK_SIGNAL } from '../domain/job-messages';
import { isTerminal, type JobState } from '../domain/job-state';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes';
import { isNotFound } from './temporal-errors';

/**
 * Has the run of a job look at it, by the sweep's own signal.
 * @returns false where no run is open any more
 */
export async function lookAtJob(client: Client, workflowId: string): Promise<boolean> {
  const { namespace, identity } = client.options;
  try {
    await client.workflowService.signalWorkflowExecution({
      namespace,
      identity,
      workflowExecution: { workflowId },
      signalName: LOOK_SIGNAL,
      requestId: randomUUID(),
    });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Whether a run is closed, or knows how its job ended. */
export async function runKnowsEnd(client: Client, run: { workflowId: string; runId: string }): Promise<boolean> {
  try {
    const { status, typedSearchAttributes } = await client.workflow.getHandle(run.workflowId).describe();
    if (status.name !== 'RUNNING') return true;
    const state = typedSearchAttributes.get(SEARCH_ATTRIBUTES.JobState) as JobState | undefined;
    return state !== undefined && isTerminal(state);
  } catch (error) {
    if (isNotFound(error)) return true;
    throw error;
  }
}
