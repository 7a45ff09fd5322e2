import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { withSubmission } from '../domain/adoption';
import { ADOPT_UPDATE, type AdoptMessage } from '../domain/job-messages';
import type { JobInput } from '../domain/job-run';
import { beginTrace, readTraceContext } from '../domain/trace-context';
import { pagesOf } from './pages';
import { decodeFirst } from './payloads';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
type RunStarted = temporal.api.history.v1.IWorkflowExecutionStartedEventAttributes;
export type RunId = Pick<WorkflowExecutionDescription, 'workflowId' | 'runId'>;

/** A run's history is read this far back at most. */
const MAX_EVENTS = 5_000;
/** An event may be of 2 MiB, and so many are still within what our connections take, see dial-client.ts; others may take less. */
const PAGE_SIZES = { first: 50, least: 1 } as const;

/** The events of a run, the newest first. Asks no worker. */
export async function* newestFirst(client: Client, workflowId: string, runId: string): AsyncGenerator<HistoryEvent> {
  const { namespace } = client.options;
  const execution = { workflowId, runId };
  const pages = pagesOf(PAGE_SIZES, ({ pageSize: maximumPageSize, ...token }) =>
    client.workflowService.getWorkflowExecutionHistoryReverse({ namespace, execution, maximumPageSize, ...token }),
  );
  let events = 0;
  for await (const { history } of pages) {
    const found = history?.events ?? [];
    yield* found;
    events += found.length;
    if (events >= MAX_EVENTS) return;
  }
}

/** The argument that a job's run was started with, and the submission that it has adopted since; with its trace in any case. */
export async function readRunInput(client: Client, run: RunId): Promise<JobInput> {
  const started = await readStart(client, run);
  const argument = await decodeFirst(client, started?.input?.payloads);
  const given = argument as JobInput;
  // One that somebody started by hand may lack anything.
  const trace = readTraceContext(given?.trace ?? {}) ?? beginTrace(started?.firstExecutionRunId || run.runId);
  const input = { ...given, trace, subscriptions: Array.isArray(given?.subscriptions) ? given.subscriptions : [] };
  const adopted = input.tracked && (await readAdopted(client, run));
  return adopted ? withSubmission(input, adopted) : input;
}

/** The first submission that a run was handed is the one it has adopted. */
async function readAdopted(client: Client, { workflowId, runId }: RunId): Promise<AdoptMessage | undefined> {
  let adopted: AdoptMessage | undefined;
  for await (const { workflowExecutionUpdateAcceptedEventAttributes: accepted } of newestFirst(
    client,
    workflowId,
    runId,
  )) {
    const update = accepted?.acceptedRequest?.input;
    if (update?.name !== ADOPT_UPDATE) continue;
    const message = await decodeFirst(client, update.args?.payloads);
    adopted = message as AdoptMessage;
  }
  return adopted;
}

/** The run that this one continues as new; undefined for the first of a chain. */
export async function previousRunId(client: Client, run: RunId): Promise<string | undefined> {
  return (await readStart(client, run))?.continuedExecutionRunId || undefined;
}

/** Whether a run was begun by tracking, and had adopted no submission when it was started. */
export async function wasTracked(client: Client, run: RunId): Promise<boolean> {
  return (await readStart(client, run))?.memo?.fields?.['tracked'] !== undefined;
}

async function readStart(client: Client, { workflowId, runId }: RunId): Promise<RunStarted | null | undefined> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  return history?.events?.[0]?.workflowExecutionStartedEventAttributes;
}
