import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { WORKFLOW_TYPE } from '../domain/job-messages';
import type { Subscription } from '../domain/subscription';
import { runDeliveries } from './run-deliveries';
import { readRunInput } from './run-history';

/** Whom a run notifies: the run of a job, or one that stands beside it. */
export async function subscriptionsOf(
  client: Client,
  run: Pick<WorkflowExecutionInfo, 'type' | 'workflowId' | 'runId'>,
): Promise<readonly Subscription[]> {
  if (run.type === WORKFLOW_TYPE) return (await readRunInput(client, run)).subscriptions;
  const { recorded } = await runDeliveries(client, run.workflowId, run.runId);
  return recorded.map(({ request }) => request.subscription);
}
