import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type { Client } from '@temporalio/client';
import { decodeMapFromPayloads } from '@temporalio/common/lib/internal-non-workflow';
import { tsToMs } from '@temporalio/common/lib/time';
import type { temporal } from '@temporalio/proto';
import { jobNameOf } from '../domain/identity';
import { WORKFLOW_TYPE } from '../domain/job-messages';
import type { JobMemo } from '../domain/job-run';
import { isJobState, isTerminal, JOB_STATES, type JobState } from '../domain/job-state';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes';
import { grpcCode } from './temporal-errors';

export type ExecutionInfo = temporal.api.workflow.v1.IWorkflowExecutionInfo;

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

const MAX_PAGE_SIZE = 1_000;
const MIN_PAGE_SIZE = 10;
/** Temporal allows a namespace 10 visibility calls a second by default, for everybody together. */
const BETWEEN_PAGES_MS = 334;

/** The open jobs, page by page. Asks no worker. */
export async function* openJobs(client: Client, query: OpenJobsQuery): AsyncGenerator<readonly OpenJob[]> {
  for await (const page of executionPages(client, visibilityQuery(query))) {
    yield await Promise.all(page.map((info) => openJobOf(client, info)));
  }
}

/** What visibility shows, page by page, at most three a second. */
export async function* executionPages(client: Client, query: string): AsyncGenerator<readonly ExecutionInfo[]> {
  let pageSize = MAX_PAGE_SIZE;
  let nextPageToken: Uint8Array | undefined;
  for (;;) {
    try {
      const answer = await client.workflowService.listWorkflowExecutions({
        namespace: client.options.namespace,
        query,
        pageSize,
        ...(nextPageToken ? { nextPageToken } : {}),
      });
      yield answer.executions ?? [];
      if (!answer.nextPageToken?.length) return;
      nextPageToken = answer.nextPageToken;
    } catch (error) {
      // A page carries memos, and must not be larger than what a client takes.
      if (grpcCode(error) !== status.RESOURCE_EXHAUSTED || pageSize <= MIN_PAGE_SIZE) throw error;
      pageSize = Math.ceil(pageSize / 2);
    }
    await sleep(BETWEEN_PAGES_MS);
  }
}

/** A text as a visibility query has it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const TERMINAL_STATES = JOB_STATES.filter(isTerminal);

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
  const key = info.memo?.fields?.['watch_key'];
  const memo = key && (await decodeMapFromPayloads(client.options.loadedDataConverter, { watch_key: key }));
  return {
    workflowId,
    runId: info.execution?.runId ?? '',
    job: jobNameOf(workflowId).job,
    watchKey: (memo as Partial<JobMemo> | undefined)?.watch_key,
    startedAt: info.startTime ? tsToMs(info.startTime) : Date.now(),
    state: isJobState(state) ? state : null,
  };
}
