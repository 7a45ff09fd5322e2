import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { defaultIdempotencyKey, jobNameOf } from '../domain/identity';
import { isNotFound } from './temporal-errors';

export type ClosedRun = Pick<WorkflowExecutionDescription, 'workflowId' | 'runId'>;

/** Of the run that notifies endpoints which were added after a job's run had closed. */
export function lateSubmissionWorkflowId({ workflowId, runId }: ClosedRun): string {
  return `notice/submission/${defaultIdempotencyKey(jobNameOf(workflowId))}/${runId}`;
}

/** The run that took the submission of a closed run that was begun by tracking; undefined where nobody submitted it. */
export async function lateSubmission(
  client: Client,
  run: ClosedRun,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await client.workflow.getHandle(lateSubmissionWorkflowId(run)).describe();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
