import { createHash } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import type { Client } from '@temporalio/client';
import { tsToDate } from '@temporalio/common/lib/time';
import type { temporal } from '@temporalio/proto';
import type { JobList, JobSummary } from '../../schemas/types';
import type { Config } from '../config/config';
import { jobNameOf } from '../domain/identity';
import { WORKFLOW_TYPE } from '../domain/job-messages';
import type { JobMemo } from '../domain/job-run';
import { isTerminal, JOB_STATES, type JobState } from '../domain/job-state';
import { JobHeraldError } from '../domain/jobherald-error';
import type { ListOptions } from './api';
import { webUiLink } from './links';
import { decodeMemo } from './payloads';
import { isRepaired, mayLackFirstRedeliveries } from './redelivery-runs';
import { grpcCode } from './temporal-errors';
import { sharedPage } from './visibility';

type ExecutionInfo = temporal.api.workflow.v1.IWorkflowExecutionInfo;

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;
/** Of the memo. How the job ended stands there too, with every delivery: too long for a list. */
const SHOWN: readonly string[] = ['idempotency_key', 'correlation_id', 'labels'] satisfies (keyof JobMemo)[];

/**
 * A page of jobs, by Temporal's visibility index (which is a moment behind the runs themselves).
 * @throws {JobHeraldError} `bad_request` for a query or cursor that Temporal refuses
 */
export async function listJobs(
  client: Client,
  { ui, retentionMs }: Pick<Config['temporal'], 'ui' | 'retentionMs'>,
  options: ListOptions,
): Promise<JobList> {
  const { query: given, limit, cursor, unrepaired = false } = options;
  const query = unrepaired
    ? [`DeliveryState = 'exhausted'`, ...(given?.trim() ? [parenthesised(given)] : [])].join(' AND ')
    : given;
  const pageSize = Math.min(Math.max(1, Math.trunc(limit ?? DEFAULT_LIMIT)), MAX_LIMIT);
  try {
    const answer = await sharedPage(client, {
      query: visibilityQuery(query),
      pageSize,
      ...(cursor ? { nextPageToken: readCursor(cursor, query) } : {}),
    });
    const token = answer.nextPageToken;
    // Whatever a query makes of the condition before it: nothing but jobs leaves this function.
    const found = (answer.executions ?? []).filter(({ type }) => type?.name === WORKFLOW_TYPE);
    const kept = unrepaired ? await unrepairedOnly(client, found, retentionMs) : found;
    return {
      jobs: await Promise.all(kept.map((info) => summarise(client, info, ui))),
      next_cursor: token?.length ? writeCursor(token, query) : null,
    };
  } catch (cause) {
    if (grpcCode(cause) !== status.INVALID_ARGUMENT) throw cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new JobHeraldError('bad_request', `Temporal refuses this query or cursor: ${said}`, { cause });
  }
}

/** So many jobs are looked into at once. */
const LOOKED_INTO_AT_ONCE = 20;

/** A closed run's own attributes cannot change, so what has been redelivered is looked up job by job. */
async function unrepairedOnly(
  client: Client,
  found: readonly ExecutionInfo[],
  retentionMs: number,
): Promise<readonly ExecutionInfo[]> {
  const kept: ExecutionInfo[] = [];
  for (let i = 0; i < found.length; i += LOOKED_INTO_AT_ONCE) {
    const some = found.slice(i, i + LOOKED_INTO_AT_ONCE);
    const repaired = await Promise.all(
      some.map(({ execution, startTime, firstRunId }) => {
        const run = { workflowId: execution?.workflowId ?? '', runId: execution?.runId ?? '' };
        const began = { ...run, firstRunId, startTime: startTime ? tsToDate(startTime) : undefined };
        return isRepaired(client, run, mayLackFirstRedeliveries(began, retentionMs));
      }),
    );
    kept.push(...some.filter((_, index) => !repaired[index]));
  }
  return kept;
}

/**
 * The user's query and ours. Parenthesised, so that an `OR` in it stays within it; a query that closes more
 * parentheses than it opens would get out, and so would one that hides some in a comment: both are refused.
 * @throws {JobHeraldError} `bad_request`
 */
function visibilityQuery(query: string | undefined): string {
  const own = `WorkflowType = '${WORKFLOW_TYPE}'`;
  return query?.trim() ? `${own} AND ${parenthesised(query)}` : own;
}

function parenthesised(query: string): string {
  // As Temporal's parser reads them: a backslash takes the next character with it, a line break too.
  const withoutStrings = query.replace(/'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`/gs, '');
  if (/--|\/\*|\/\/|#/.test(withoutStrings))
    throw new JobHeraldError('bad_request', 'the query must not hold comments (--, /*, // or #)');
  let depth = 0;
  for (const character of withoutStrings) {
    if (character === '(') depth++;
    if (character === ')' && --depth < 0) break;
  }
  if (depth !== 0) throw new JobHeraldError('bad_request', 'the parentheses of the query do not match');
  return `(${query})`;
}

async function summarise(client: Client, info: ExecutionInfo, ui: string): Promise<JobSummary> {
  const workflowId = info.execution?.workflowId ?? '';
  const runId = info.execution?.runId ?? '';
  const attribute = (name: string): unknown => {
    const data = info.searchAttributes?.indexedFields?.[name]?.data;
    return data ? JSON.parse(Buffer.from(data).toString()) : undefined;
  };
  const memo = await submittedMemo(client, info);
  const known = attribute('JobState') as JobState | undefined;
  const state = known && JOB_STATES.includes(known) ? known : 'PENDING';
  const isOpen = !info.closeTime;
  const completedBy = attribute('CompletedBy') as JobSummary['completed_by'] | undefined;
  const deliveries = attribute('DeliveryState') as string | string[] | undefined;
  return {
    ...jobNameOf(workflowId),
    workflow_id: workflowId,
    run_id: runId,
    idempotency_key: memo.idempotency_key ?? '',
    correlation_id: memo.correlation_id ?? null,
    state,
    phase: isOpen ? (completedBy ? 'notifying' : 'waiting') : 'done',
    outcome: isTerminal(state) ? state : null,
    completed_by: completedBy ?? null,
    ...(info.startTime ? { run_started_at: tsToDate(info.startTime).toISOString() } : {}),
    ended_at: (attribute('JobEndedAt') as string | undefined) ?? null,
    delivery_states: [deliveries ?? []].flat().filter((state) => !state.startsWith('pending:')),
    labels: memo.labels ?? {},
    links: { web_ui: webUiLink(ui, client.options.namespace, workflowId, runId) },
  };
}

/** What the submission left in the memo. */
function submittedMemo(client: Client, { memo }: ExecutionInfo): Promise<Partial<JobMemo>> {
  return decodeMemo(client, memo, SHOWN);
}

/** Enough to notice a slip; a cursor is no secret, and nobody gains anything by making one up. */
const CHECK_BYTES = 6;

/**
 * Temporal's page token as a text for URLs, with a check that ties it to its query. Temporal itself answers a token
 * that it cannot read as if it were ill, so that its client tries again for many seconds.
 */
function writeCursor(token: Uint8Array, query: string | undefined): string {
  return Buffer.concat([check(token, query), token]).toString('base64url');
}

/** @throws {JobHeraldError} `bad_request` for a cursor that no page of this query has given */
function readCursor(cursor: string, query: string | undefined): Uint8Array {
  const bytes = Buffer.from(cursor, 'base64url');
  const token = bytes.subarray(CHECK_BYTES);
  if (token.length === 0 || !bytes.subarray(0, CHECK_BYTES).equals(check(token, query))) {
    throw new JobHeraldError(
      'bad_request',
      'this cursor does not belong to this query; pass next_cursor of the previous page unchanged, with the same query',
    );
  }
  return token;
}

function check(token: Uint8Array, query: string | undefined): Buffer {
  const text = query?.trim() ?? '';
  return createHash('sha256').update(`${text.length} ${text}`).update(token).digest().subarray(0, CHECK_BYTES);
}
