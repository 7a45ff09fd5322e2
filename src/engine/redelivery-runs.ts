import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { JobRedelivery } from '../../schemas/types';
import type { Delivery } from '../domain/delivery';
import { type RedeliveryMemo, redeliveryWorkflowId } from '../domain/redelivery';
import { openDeliveries } from './open-deliveries';
import { pendingActivities } from './pending-activities';
import { jobDeliveries } from './run-deliveries';
import type { RunId } from './run-history';
import { isNotFound } from './temporal-errors';

/** After the first, which most jobs do not have, so many are read at once. */
const AT_ONCE = 10;
/** Of more a reader is shown the last. */
const MAX_SHOWN = 50;

/**
 * The runs that redeliver or have redelivered deliveries of a job, in order. Costs one call where there are none.
 * @param mayLackFirst Temporal may have deleted the first of them: looks beyond numbers that are missing, until ten are in a row
 */
export async function redeliveryRuns(
  client: Client,
  jobWorkflowId: string,
  mayLackFirst: boolean,
): Promise<WorkflowExecutionDescription[]> {
  const found: WorkflowExecutionDescription[] = [];
  for (let next = 1, count = 1; ; next += count, count = AT_ONCE) {
    const numbers = Array.from({ length: count }, (_, i) => next + i);
    const described = await Promise.all(
      numbers.map((number) => describe(client, redeliveryWorkflowId(jobWorkflowId, number))),
    );
    const there = described.filter((each) => each !== undefined);
    found.push(...there);
    const isOver = mayLackFirst ? there.length === 0 && next > 1 : there.length < count;
    // Numbers that are free again are used again.
    if (isOver) return found.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
  }
}

/**
 * Whether a job may have been open for so long that Temporal has deleted its first redeliveries, and not yet its run.
 * @param run its last; of a run that continues another one the first has another id
 */
export function mayLackFirstRedeliveries(
  run: {
    readonly startTime: Date | undefined;
    readonly runId: string;
    readonly firstRunId: string | null | undefined;
  },
  retentionMs: number,
): boolean {
  const { startTime, runId, firstRunId } = run;
  if (firstRunId && firstRunId !== runId) return true;
  return startTime !== undefined && startTime.getTime() < Date.now() - retentionMs;
}

async function describe(client: Client, workflowId: string): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** What was made again of a job's deliveries, or is to be: the last of it. Asks no worker. */
export async function viewRedeliveries(
  client: Client,
  jobWorkflowId: string,
  { mayLackFirst = true, atMost = MAX_SHOWN }: { readonly mayLackFirst?: boolean; readonly atMost?: number } = {},
): Promise<JobRedelivery[]> {
  const runs = (await redeliveryRuns(client, jobWorkflowId, mayLackFirst)).slice(-atMost);
  const views = await Promise.all(
    runs.map(async (run) => (await deliveriesOf(client, run)).map((each) => shown(run.workflowId, each))),
  );
  return views.flat().slice(-atMost);
}

function shown(id: string, { id: delivery, ...rest }: Delivery): JobRedelivery {
  return { ...rest, id, delivery };
}

async function deliveriesOf(client: Client, run: WorkflowExecutionDescription): Promise<readonly Delivery[]> {
  const { workflowId, runId, status, memo } = run;
  if (status.name === 'COMPLETED') return (await client.workflow.getHandle(workflowId, runId).result()) as Delivery[];
  const { deliveries = [] } = (memo ?? {}) as unknown as Partial<RedeliveryMemo>;
  const { deliveries: begun } = await openDeliveries(client, run, await pendingActivities(client, run), {});
  const byId = new Map(begun.map((each) => [each.id, each as Delivery]));
  return deliveries.map((each) => byId.get(each.id) ?? each);
}

/** The ids of a job's deliveries that a redelivery has delivered. */
export async function repairedDeliveries(
  client: Client,
  jobWorkflowId: string,
  mayLackFirst = true,
): Promise<ReadonlySet<string>> {
  const runs = await redeliveryRuns(client, jobWorkflowId, mayLackFirst);
  const deliveries = (await Promise.all(runs.map((run) => deliveriesOf(client, run)))).flat();
  return new Set(deliveries.filter(({ state }) => state === 'delivered').map(({ id }) => id));
}

/** Whether everything that was exhausted of a job has been delivered by a redelivery. */
export async function isRepaired(
  client: Client,
  { workflowId, runId }: RunId,
  mayLackFirst: boolean,
): Promise<boolean> {
  const repaired = await repairedDeliveries(client, workflowId, mayLackFirst);
  if (repaired.size === 0) return false;
  const recorded = await jobDeliveries(client, workflowId, runId);
  return recorded
    .filter(({ result }) => result?.state === 'exhausted')
    .every(({ request }) => repaired.has(request.delivery_id));
}
