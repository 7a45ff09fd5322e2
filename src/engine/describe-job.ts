import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { type JobName, workflowIdOf } from '../domain/identity';
import { WORKFLOW_TYPE } from '../domain/job-messages';
import { isNotFound } from './temporal-errors';

/** The last run of a job, open or retained; undefined where there is none. */
export async function describeJob(client: Client, name: JobName): Promise<WorkflowExecutionDescription | undefined> {
  try {
    const description = await client.workflow.getHandle(workflowIdOf(name)).describe();
    return description.type === WORKFLOW_TYPE ? description : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
