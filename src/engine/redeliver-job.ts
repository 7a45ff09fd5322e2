import { randomUUID } from 'node:crypto';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/common';
import { NO_PROGRESS } from '../domain/delivery';
import { type DeliveryRequest, type DeliveryResult, firstAttempts, settledDelivery } from '../domain/delivery-request';
import { jobNameOf } from '../domain/identity';
import { JobHeraldError } from '../domain/jobherald-error';
import { markdownText, runSummary } from '../domain/markdown';
import {
  REDELIVERY_WORKFLOW_TYPE,
  type RedeliveryInput,
  type RedeliveryMemo,
  redeliveryParts,
  redeliveryWorkflowId,
} from '../domain/redelivery';
import { deliveryStateAttribute, endpointAttribute, SEARCH_ATTRIBUTES } from '../domain/search-attributes';
import { redeliveryRuns } from './redelivery-runs';
import { jobDeliveries } from './run-deliveries';

/**
 * Redelivers settled deliveries of a job: the same bytes under the same `webhook-id`, read from the histories of its runs.
 * A run of its own does it, so it works for a closed run too, and survives whatever a delivery survives. A pending
 * delivery is left alone.
 * @param asked what asks for it; the same again starts nothing. Default: a new one
 * @throws {JobHeraldError} `unprocessable` for an endpoint or event that the job has no delivery of
 */
export async function redeliverJob(
  client: Client,
  taskQueue: string,
  { workflowId, runId }: Pick<WorkflowExecutionDescription, 'workflowId' | 'runId'>,
  { endpoint, event }: { readonly endpoint?: string; readonly event?: string },
  asked?: string,
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
  if (settled.length > 0) await startRedelivery(client, taskQueue, workflowId, settled, asked);
}

/**
 * Starts the runs that make some deliveries of a job again, each as if it had never been tried: one, as long as all of them fit into
 * its argument.
 * @param jobWorkflowId of the job they belong to
 * @param request what asks for it; the same again starts nothing. Default: a new one
 * @returns whether it was started; false where there is one already, open or retained
 */
export async function startRedelivery(
  client: Client,
  taskQueue: string,
  jobWorkflowId: string,
  deliveries: readonly DeliveryRequest[],
  request: string = randomUUID(),
): Promise<boolean> {
  const fromTheStart = deliveries.map((request) => ({ ...request, progress: NO_PROGRESS }));
  const started: boolean[] = [];
  for (const [i, part] of redeliveryParts(fromTheStart).entries()) {
    const partRequest = i === 0 ? request : `${request}/${i + 1}`;
    started.push(await startPart(client, taskQueue, jobWorkflowId, part, partRequest));
  }
  return started.includes(true);
}

async function startPart(
  client: Client,
  taskQueue: string,
  jobWorkflowId: string,
  deliveries: readonly DeliveryRequest[],
  request: string,
): Promise<boolean> {
  for (let number = 1; ; ) {
    if (await startNumber(client, taskQueue, jobWorkflowId, deliveries, request, number)) return true;
    const others = await redeliveryRuns(client, jobWorkflowId, true);
    if (others.some(({ memo }) => (memo as Partial<RedeliveryMemo> | undefined)?.request === request)) return false;
    const taken = new Set(others.map(({ workflowId }) => workflowId));
    do number++;
    while (taken.has(redeliveryWorkflowId(jobWorkflowId, number)));
  }
}

/** @returns false where there is a run of this number already, open or retained */
async function startNumber(
  client: Client,
  taskQueue: string,
  jobWorkflowId: string,
  deliveries: readonly DeliveryRequest[],
  request: string,
  number: number,
): Promise<boolean> {
  const input: RedeliveryInput = { ...jobNameOf(jobWorkflowId), ...firstAttempts(deliveries) };
  const subscriptions = deliveries.map(({ subscription }) => subscription);
  const memo: RedeliveryMemo = {
    request,
    deliveries: deliveries.map((each) => ({ ...settledDelivery(each, NOTHING_MADE), state: 'pending' })),
  };
  try {
    await client.workflow.start(REDELIVERY_WORKFLOW_TYPE, {
      taskQueue,
      workflowId: redeliveryWorkflowId(jobWorkflowId, number),
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      args: [input],
      memo: { ...memo },
      typedSearchAttributes: new TypedSearchAttributes([
        { key: SEARCH_ATTRIBUTES.JobProvider, value: input.provider },
        { key: SEARCH_ATTRIBUTES.JobEndpoint, value: endpointAttribute(subscriptions) },
        { key: SEARCH_ATTRIBUTES.DeliveryState, value: deliveryStateAttribute(['pending'], subscriptions) },
      ]),
      staticSummary: runSummary(`redelivers ${deliveries.length} of ${markdownText(jobWorkflowId)}`),
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

const NOTHING_MADE: DeliveryResult = { state: 'exhausted', progress: NO_PROGRESS };
