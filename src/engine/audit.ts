import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time';
import { temporal } from '@temporalio/proto';
import { jobNameOf, workflowIdOf } from '../domain/identity';
import { WORKFLOW_TYPE } from '../domain/job-messages';
import type { JobMemo } from '../domain/job-run';
import { isTerminal, type JobState } from '../domain/job-state';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes';
import type { Provider, ProviderError } from '../providers/provider';
import type { ListedJob, Watching } from '../providers/watching';
import { type AuditedEndpoint, type AuditedEndpoints, auditedEndpoints } from './audited-endpoints';
import { viewJob } from './job-view';
import { readRunInput } from './run-history';
import { describeJob } from './signal-job';
import { type EngineOptions, startRun, trackJob } from './start-run';
import { type ExecutionInfo, executionPages, quoted } from './visibility';

/**
 * notified: every delivery of its end is settled, and none is exhausted, unless a redelivery has delivered it since · pending:
 * its run is open · exhausted: a delivery of its end is · untracked: there is no run of it · broken: its run was terminated, or failed · unknown: Temporal may
 * have forgotten its run, or which delivery was exhausted, as the namespace's retention is over for it.
 */
export const AUDIT_RESULTS = ['notified', 'pending', 'exhausted', 'untracked', 'broken', 'unknown'] as const;
export type AuditResult = (typeof AUDIT_RESULTS)[number];

export interface AuditedJob {
  readonly job: string;
  readonly state: JobState;
  /** RFC 3339; null where the provider does not say. */
  readonly ended_at: string | null;
  readonly result: AuditResult;
  /** Who was to be notified of the end. [] where that was not read. */
  readonly endpoints: readonly AuditedEndpoint[];
  /** With `repair`: what was done. */
  readonly repair?: 'started' | 'submitted';
}

export interface AuditOptions extends EngineOptions {
  readonly provider: Provider;
  readonly watching: Watching & Required<Pick<Watching, 'list'>>;
  /** Canonical, as `track.scopes`. */
  readonly scopes: readonly string[];
  /** Jobs that ended at this time or later, epoch ms. */
  readonly since: number;
  /** Whether the endpoints of notified jobs are read, too: it costs two calls to Temporal for each. */
  readonly details: boolean;
  /** Starts again what is broken, and submits what is untracked to `track.endpoints`. */
  readonly repair: boolean;
  readonly signal: AbortSignal;
}

const DAY = 24 * 60 * 60_000;
/** A list is by creation: what ended within the time may have begun so much earlier. */
const LONGEST_JOB_MS = 30 * DAY;
/** Runs looked at side by side. */
const AT_ONCE = 10;

/**
 * Lists the jobs of a provider that have ended, and holds each against Temporal. Without `repair` it changes nothing.
 * @throws {ProviderError} where the jobs cannot be listed
 */
export async function auditJobs(options: AuditOptions): Promise<readonly AuditedJob[]> {
  const ended = await endedJobs(options);
  const runs = await runsByKey(options);
  const forgottenBefore = Date.now() - (await retentionMs(options.client));
  const audited: AuditedJob[] = [];
  for (let i = 0; i < ended.length; i += AT_ONCE) {
    options.signal.throwIfAborted();
    const some = ended.slice(i, i + AT_ONCE);
    audited.push(...(await Promise.all(some.map((job) => audit(options, job, runs.get(job.key), forgottenBefore)))));
  }
  return audited;
}

/** What the provider lists as ended, each job once. */
async function endedJobs({ watching, scopes, since, signal }: AuditOptions): Promise<readonly ListedJob[]> {
  const found = new Map<string, ListedJob>();
  for (const scope of scopes) {
    const request = {
      scope: watching.scopeOf(`${scope}/`),
      jobs: [],
      createdSince: since - LONGEST_JOB_MS,
      tracked: [scope],
      signal,
    };
    for (const job of await listAll(watching, request)) if (hasEndedSince(job, since)) found.set(job.key, job);
  }
  return [...found.values()];
}

const LIST_ATTEMPTS = 5;

/** A walk over pages that is broken off begins anew. */
async function listAll(
  { list, sweep }: AuditOptions['watching'],
  request: Parameters<AuditOptions['watching']['list']>[0],
): Promise<readonly ListedJob[]> {
  const betweenPagesMs = sweep.budget.perMs / sweep.budget.requests;
  for (let attempt = 1; ; attempt++) {
    try {
      const jobs: ListedJob[] = [];
      for await (const page of list(request)) {
        jobs.push(...page);
        await sleep(betweenPagesMs, undefined, { signal: request.signal });
      }
      return jobs;
    } catch (error) {
      const { code, retryAfterMs } = error as Partial<ProviderError>;
      if (code !== 'unavailable' || attempt === LIST_ATTEMPTS) throw error;
      await sleep(Math.max(retryAfterMs ?? 0, 1_000 * 2 ** attempt), undefined, { signal: request.signal });
    }
  }
}

/** Where a list does not say when a job ended, its creation counts. */
function hasEndedSince({ state, ended_at, created_at }: ListedJob, since: number): boolean {
  const time = ended_at ?? created_at;
  return isTerminal(state) && (time === null || Date.parse(time) >= since);
}

/** The last run of each job that is open, or was closed since then, by the key that a list has for the job. */
async function runsByKey({ client, provider, watching, scopes, since }: AuditOptions) {
  const runs = new Map<string, ExecutionInfo>();
  const prefixes = new Set(scopes.map((scope) => watching.namePrefix(watching.scopeOf(`${scope}/`))));
  for (const prefix of prefixes) {
    const query = [
      `WorkflowType = ${quoted(WORKFLOW_TYPE)}`,
      `WorkflowId STARTS_WITH ${quoted(workflowIdOf({ provider: provider.name, job: prefix }))}`,
      `ExecutionStatus != 'ContinuedAsNew'`,
      `(ExecutionStatus = 'Running' OR CloseTime >= ${quoted(new Date(since - DAY).toISOString())})`,
    ].join(' AND ');
    for await (const page of executionPages(client, query)) {
      for (const info of page) {
        const key = watching.keyOf(jobNameOf(info.execution?.workflowId ?? '').job);
        if (key === undefined) continue;
        const known = runs.get(key);
        if (!known || startedAt(info) > startedAt(known)) runs.set(key, info);
      }
    }
  }
  return runs;
}

function startedAt({ startTime }: ExecutionInfo): number {
  return startTime ? tsToMs(startTime) : 0;
}

async function retentionMs(client: Client): Promise<number> {
  const { namespace } = client.options;
  const { config } = await client.workflowService.describeNamespace({ namespace });
  return config?.workflowExecutionRetentionTtl ? tsToMs(config.workflowExecutionRetentionTtl) : Infinity;
}

async function audit(
  options: AuditOptions,
  { job, state, ended_at, created_at }: ListedJob,
  indexed: ExecutionInfo | undefined,
  forgottenBefore: number,
): Promise<AuditedJob> {
  const { client, provider, config, details, repair } = options;
  const about = { job, state, ended_at };
  const shown = indexed && resultOf(indexed);
  if (shown === 'notified' && !details) return { ...about, result: shown, endpoints: [] };

  // The index is a moment behind, and only a run itself says what became of each delivery.
  const name = indexed ? jobNameOf(indexed.execution?.workflowId ?? '') : { provider: provider.name, job };
  const run = await describeJob(client, name);
  if (!run) {
    // Where a list does not say when a job ended, it may have been soon after its creation.
    if (Date.parse(ended_at ?? created_at ?? '') < forgottenBefore)
      return { ...about, result: 'unknown', endpoints: [] };
    if (!repair || provider.track.endpoints.length === 0) return { ...about, result: 'untracked', endpoints: [] };
    await trackJob(options, { provider: provider.name, job });
    return { ...about, result: 'untracked', endpoints: [], repair: 'submitted' };
  }
  const deliveries = await auditedEndpoints(client, run, await viewJob(client, config, run));
  const { endpoints } = deliveries;
  const { name: status } = run.status;
  if (status !== 'RUNNING' && status !== 'COMPLETED') {
    if (!repair) return { ...about, result: 'broken', endpoints };
    const { carried: _, ...input } = await readRunInput(client, run);
    const { submission_sha256 = '' } = (run.memo ?? {}) as Partial<JobMemo>;
    await startRun(options, { input, sha256: submission_sha256 });
    return { ...about, result: 'broken', endpoints, repair: 'started' };
  }
  return { ...about, result: status === 'RUNNING' ? 'pending' : resultOfDeliveries(deliveries), endpoints };
}

/** Of a run that went its way to the end. */
export function resultOfDeliveries({ endpoints, isForgotten }: AuditedEndpoints): AuditResult {
  const states = new Set(endpoints.map(({ state }) => state));
  if (states.has('pending')) return 'pending';
  if (states.has('exhausted')) return 'exhausted';
  return isForgotten ? 'unknown' : 'notified';
}

const { WorkflowExecutionStatus } = temporal.api.enums.v1;

/** By the index alone. A run that tracking began may have been submitted after its end, which is not indexed. */
function resultOf({ status, searchAttributes, memo }: ExecutionInfo): AuditResult | undefined {
  if (status !== WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED || memo?.fields?.['tracked'])
    return undefined;
  const data = searchAttributes?.indexedFields?.[SEARCH_ATTRIBUTES.DeliveryState.name]?.data;
  const states = data ? [JSON.parse(Buffer.from(data).toString()) as string | string[]].flat() : [];
  return states.includes('exhausted') ? 'exhausted' : 'notified';
}
