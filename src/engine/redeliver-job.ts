import { randomUUID } from 'node:crypto';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/common';
import { NO_PROGRESS } from '../domain/delivery';
import { type DeliveryRequest, firstAttempts } from '../domain/delivery-request';
import { jobNameOf } from '../domain/identity';
import { JobHeraldError } from '../domain/jobherald-error';
import { markdownText } from '../domain/markdown';
import { REDELIVERY_WORKFLOW_TYPE, type RedeliveryInput, redeliveryParts } from '../domain/redelivery';
import { deliveryStateAttribute, endpointAttribute, SEARCH_ATTRIBUTES } from '../domain/search-attributes';
import { beginning } from '../domain/text-size';
import { jobDeliveries } from './run-deliveries';

/**
 * Redelivers settled deliveries of a job: the same bytes under the same `webhook-id`, read from the histories of its runs.
 * A run of its own does it, so it works for a closed run too, and survives whatever a delivery survives. A pending
 * delivery is left alone.
 * @param redeliveryId workflow ID of that run; the same one again starts nothing. Default: a new one
 * @throws {JobHeraldError} `unprocessable` for an endpoint or event that the job has no delivery of
 */
export async function redeliverJob(
  client: Client,
  taskQueue: string,
  { workflowId, runId }: Pick<WorkflowExecutionDescription, 'workflowId' | 'runId'>,
  { endpoint, event }: { readonly endpoint?: string; readonly event?: string },
  redeliveryId?: string,
): Promise<void> {
  const recorded = await jobDeliveries(client, workflowId, runId);
  const matching = recorded.filter(
    ({ request }) =>
      (endpoint === undefined || request.subscription.endpoint === endpoint) &&
      (event === undefined || request.event_type === event),
  );
  if (matching.length === 0 && (endpoint !== undefined || event !== undefined)) {
    const sent = recorded.map(({ request }) => `${request.subscription.endpoint} ${request.event_type}`).join(', ');
    const detail = `the job has no such delivery; its deliveries are: ${sent || 'none yet'}`;
    const knowsEndpoint =
      endpoint === undefined || recorded.some(({ request }) => request.subscription.endpoint === endpoint);
    throw new JobHeraldError('unprocessable', detail, {
      faults: [{ pointer: knowsEndpoint ? '/event' : '/endpoint', detail }],
    });
  }
  const settled = matching.filter(({ result }) => result !== undefined).map(({ request }) => request);
  if (settled.length > 0) await startRedelivery(client, taskQueue, workflowId, settled, redeliveryId);
}

/**
 * Starts the runs that make some deliveries of a job again, each as if it had never been tried: one, as long as all of them fit into
 * its argument.
 * @param jobWorkflowId of the job they belong to
 * @param workflowId of the first; the same one again starts nothing. Default: a new one
 * @returns whether it was started; false where there is one already, open or retained
 */
export async function startRedelivery(
  client: Client,
  taskQueue: string,
  jobWorkflowId: string,
  deliveries: readonly DeliveryRequest[],
  workflowId = `redelivery/${randomUUID()}`,
): Promise<boolean> {
  const afresh = deliveries.map((request) => ({ ...request, progress: NO_PROGRESS }));
  const started: boolean[] = [];
  for (const [i, part] of redeliveryParts(afresh).entries()) {
    const partId = i === 0 ? workflowId : `${workflowId}/${i + 1}`;
    started.push(await startPart(client, taskQueue, jobWorkflowId, part, partId));
  }
  return started.includes(true);
}

async function startPart(
  client: Client,
  taskQueue: string,
  jobWorkflowId: string,
  deliveries: readonly DeliveryRequest[],
  workflowId: string,
): Promise<boolean> {
  const input: RedeliveryInput = { ...jobNameOf(jobWorkflowId), ...firstAttempts(deliveries) };
  const subscriptions = deliveries.map(({ subscription }) => subscription);
  try {
    await client.workflow.start(REDELIVERY_WORKFLOW_TYPE, {
      taskQueue,
      workflowId,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      args: [input],
      typedSearchAttributes: new TypedSearchAttributes([
        { key: SEARCH_ATTRIBUTES.JobProvider, value: input.provider },
        { key: SEARCH_ATTRIBUTES.JobEndpoint, value: endpointAttribute(subscriptions) },
        { key: SEARCH_ATTRIBUTES.DeliveryState, value: deliveryStateAttribute(['pending'], subscriptions) },
      ]),
      staticSummary: beginning(`redelivers ${deliveries.length} of ${markdownText(jobWorkflowId)}`, 200),
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
