import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time';
import { jobNameOf } from '../domain/identity';
import { WORKFLOW_TYPE } from '../domain/job-messages';
import type { JobMemo } from '../domain/job-run';
import { isJobState, isTerminal, JOB_STATES, type JobState } from '../domain/job-state';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes';
import { decodeMemo } from './payloads';
import { countExecutions, type ExecutionInfo, executionPages, quoted } from './visibility';

/** An open job whose end is not known, as the visibility index has it. */
export interface OpenJob {
  readonly workflowId: string;
  readonly runId: string;
  /** Canonical name. */
  readonly job: string;
  /** See JobMemo. */
  readonly watchKey: string | undefined;
  /** When its run was started, epoch ms. */
  readonly startedAt: number;
  /** What its run knows; null before it knows anything. */
  readonly state: JobState | null;
}

export interface OpenJobsQuery {
  readonly taskQueue: string;
  /** What the workflow IDs begin with: `vertex-ai/projects/P/locations/L/`; '' for all. */
  readonly idPrefix: string;
  /** Only runs started at this time or later, epoch ms. */
  readonly startedSince?: number;
}

/** The open jobs, page by page. Asks no worker. */
export async function* openJobs(client: Client, query: OpenJobsQuery): AsyncGenerator<readonly OpenJob[]> {
  for await (const page of executionPages(client, visibilityQuery(query))) {
    yield await Promise.all(page.map((info) => openJobOf(client, info)));
  }
}

const TERMINAL_STATES = JOB_STATES.filter(isTerminal);

/** How many there are, by the index. */
export function countOpenJobs(client: Client, query: OpenJobsQuery): Promise<number> {
  return countExecutions(client, visibilityQuery(query));
}

/** `NOT IN` alone drops runs without the attribute, such as those started by hand. */
function visibilityQuery({ taskQueue, idPrefix, startedSince }: OpenJobsQuery): string {
  const { name } = SEARCH_ATTRIBUTES.JobState;
  return [
    `WorkflowType = ${quoted(WORKFLOW_TYPE)}`,
    `ExecutionStatus = 'Running'`,
    `TaskQueue = ${quoted(taskQueue)}`,
    `(${name} IS NULL OR ${name} NOT IN (${TERMINAL_STATES.map(quoted).join(', ')}))`,
    ...(idPrefix === '' ? [] : [`WorkflowId STARTS_WITH ${quoted(idPrefix)}`]),
    ...(startedSince === undefined ? [] : [`StartTime >= ${quoted(new Date(startedSince).toISOString())}`]),
  ].join(' AND ');
}

async function openJobOf(client: Client, info: ExecutionInfo): Promise<OpenJob> {
  const workflowId = info.execution?.workflowId ?? '';
  const data = info.searchAttributes?.indexedFields?.[SEARCH_ATTRIBUTES.JobState.name]?.data;
  const state: unknown = data ? JSON.parse(Buffer.from(data).toString()) : undefined;
  const { watch_key } = (await decodeMemo(client, info.memo, ['watch_key'])) as Partial<JobMemo>;
  return {
    workflowId,
    runId: info.execution?.runId ?? '',
    job: jobNameOf(workflowId).job,
    watchKey: watch_key,
    startedAt: info.startTime ? tsToMs(info.startTime) : Date.now(),
    state: isJobState(state) ? state : null,
  };
}
