import { randomUUID } from 'node:crypto';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import type { RedeliveryRequest } from '../../schemas/types';
import { jobNameOf } from '../domain/identity';
import { NO_PROGRESS } from '../domain/job-run';
import { REDELIVERY_WORKFLOW_TYPE, type RedeliveryInput } from '../domain/redelivery';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes';
import { JobHeraldError } from './errors';
import { jobDeliveries } from './run-deliveries';

/**
 * Sends settled deliveries of a job once more: the same bytes under the same `webhook-id`, read from the
 * histories of its runs. A run of its own does it, so it works for a closed run too, and survives whatever a delivery survives.
 * A delivery that is still being tried is left alone.
 * @throws {JobHeraldError} `unprocessable` for an endpoint or event that the job has not told
 */
export async function redeliverJob(
  client: Client,
  taskQueue: string,
  { workflowId, runId }: WorkflowExecutionDescription,
  { endpoint, event }: RedeliveryRequest,
): Promise<void> {
  const recorded = await jobDeliveries(client, workflowId, runId);
  const matching = recorded.filter(
    ({ request }) =>
      (endpoint === undefined || request.subscription.endpoint === endpoint) &&
      (event === undefined || request.event_type === event),
  );
  if (matching.length === 0 && (endpoint !== undefined || event !== undefined)) {
    const told = recorded.map(({ request }) => `${request.subscription.endpoint} ${request.event_type}`).join(', ');
    throw new JobHeraldError(
      'unprocessable',
      `the job has told nothing like that; it has told: ${told || 'nothing yet'}`,
    );
  }
  const settled = matching.filter(({ result }) => result !== undefined).map(({ request }) => request);
  if (settled.length === 0) return;

  const input: RedeliveryInput = {
    ...jobNameOf(workflowId),
    requests: settled.map((request) => ({ ...request, progress: NO_PROGRESS })),
  };
  await client.workflow.start(REDELIVERY_WORKFLOW_TYPE, {
    taskQueue,
    workflowId: `redelivery/${randomUUID()}`,
    args: [input],
    typedSearchAttributes: new TypedSearchAttributes([
      { key: SEARCH_ATTRIBUTES.JobProvider, value: input.provider },
      {
        key: SEARCH_ATTRIBUTES.JobEndpoint,
        value: [...new Set(settled.map(({ subscription }) => subscription.endpoint))],
      },
      { key: SEARCH_ATTRIBUTES.DeliveryState, value: ['pending'] },
    ]),
    staticSummary: `redelivers ${settled.length} of ${workflowId}`.slice(0, 200),
  });
}
