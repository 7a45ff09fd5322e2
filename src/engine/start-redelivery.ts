import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/common';
import type { DeliveryRequest } from '../domain/delivery-request';
import { jobNameOf } from '../domain/identity';
import { NO_PROGRESS } from '../domain/job-run';
import { REDELIVERY_WORKFLOW_TYPE, type RedeliveryInput } from '../domain/redelivery';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes';

/**
 * Starts the run that makes some deliveries of a job again, each as if it had never been tried.
 * @param jobWorkflowId of the job they belong to
 * @param workflowId its own; the same one again starts nothing. Default: one that nobody has
 * @returns whether it was started; false where there is one already, open or retained
 */
export async function startRedelivery(
  client: Client,
  taskQueue: string,
  jobWorkflowId: string,
  deliveries: readonly DeliveryRequest[],
  workflowId = `redelivery/${randomUUID()}`,
): Promise<boolean> {
  const input: RedeliveryInput = {
    ...jobNameOf(jobWorkflowId),
    requests: deliveries.map((request) => ({ ...request, progress: NO_PROGRESS })),
  };
  try {
    await client.workflow.start(REDELIVERY_WORKFLOW_TYPE, {
      taskQueue,
      workflowId,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      args: [input],
      typedSearchAttributes: new TypedSearchAttributes([
        { key: SEARCH_ATTRIBUTES.JobProvider, value: input.provider },
        {
          key: SEARCH_ATTRIBUTES.JobEndpoint,
          value: [...new Set(deliveries.map(({ subscription }) => subscription.endpoint))],
        },
        { key: SEARCH_ATTRIBUTES.DeliveryState, value: ['pending'] },
      ]),
      staticSummary: `redelivers ${deliveries.length} of ${jobWorkflowId}`.slice(0, 200),
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
