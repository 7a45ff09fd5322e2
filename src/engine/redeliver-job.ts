import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { JobHeraldError } from '../domain/jobherald-error';
import { jobDeliveries } from './run-deliveries';
import { startRedelivery } from './start-redelivery';

/**
 * Sends settled deliveries of a job once more: the same bytes under the same `webhook-id`, read from the
 * histories of its runs. A run of its own does it, so it works for a closed run too, and survives whatever a delivery survives.
 * A delivery that is still being tried is left alone.
 * @param redeliveryId workflow ID of that run; the same one again starts nothing. Default: one that nobody has
 * @throws {JobHeraldError} `unprocessable` for an endpoint or event that the job has not told
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
    const told = recorded.map(({ request }) => `${request.subscription.endpoint} ${request.event_type}`).join(', ');
    const detail = `the job has told nothing like that; it has told: ${told || 'nothing yet'}`;
    const knowsEndpoint =
      endpoint === undefined || recorded.some(({ request }) => request.subscription.endpoint === endpoint);
    throw new JobHeraldError('unprocessable', detail, {
      faults: [{ pointer: knowsEndpoint ? '/event' : '/endpoint', detail }],
    });
  }
  const settled = matching.filter(({ result }) => result !== undefined).map(({ request }) => request);
  if (settled.length > 0) await startRedelivery(client, taskQueue, workflowId, settled, redeliveryId);
}
