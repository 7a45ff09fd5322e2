import type { Client } from '@temporalio/client';
import {
  TypedSearchAttributes,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/common';
import type { Config } from '../config/config';
import { boundedStatus, memoStatus } from '../domain/bounded-status';
import { type JobName, workflowIdOf } from '../domain/identity';
import { WORKFLOW_TYPE } from '../domain/job-messages';
import type { JobInput, JobMemo } from '../domain/job-run';
import type { JobStatus } from '../domain/job-status';
import { JobHeraldError } from '../domain/jobherald-error';
import type { JsonObject } from '../domain/json';
import { markdownCode, markdownText, runSummary } from '../domain/markdown';
import { endpointAttribute, SEARCH_ATTRIBUTES } from '../domain/search-attributes';
import { beginning, jsonBytes } from '../domain/text-size';
import type { Provider } from '../providers/provider';
import { type ResolvedSubmission, resolveSubmission } from '../submission/resolve-submission';

/** Temporal takes 20,000. */
const MAX_DETAILS_BYTES = 16_000;
/** A run carries what has announced its job. */
const MAX_ORIGIN_BYTES = 48 * 1024;

/** What the engine works with. */
export interface EngineOptions {
  readonly client: Client;
  readonly config: Config;
  readonly providers: ReadonlyMap<string, Provider>;
}

/** A job that a message has announced, or that nobody submitted; `providers.<name>.track.endpoints` are notified. */
export interface TrackedJob extends JobName {
  readonly correlation_id?: string;
  /** What the message says, in the provider's words and without secrets. */
  readonly origin?: JsonObject;
  /** What is known without asking the provider; its events are sent. */
  readonly initial?: JobStatus;
  /** In place of the provider's own. */
  readonly timeout_seconds?: number;
}

/** Starts the run of a job that nobody submitted. `created` is false where there is a run already. */
export async function trackJob(options: EngineOptions, tracked: TrackedJob): Promise<{ readonly created: boolean }> {
  const { config, providers } = options;
  const { provider, job, correlation_id, origin, initial, timeout_seconds } = tracked;
  if (origin && jsonBytes(origin) > MAX_ORIGIN_BYTES) {
    throw new JobHeraldError(
      'unprocessable',
      `the message is ${jsonBytes(origin)} bytes; ${MAX_ORIGIN_BYTES} are possible`,
    );
  }
  const endpoints = providers.get(provider)?.track.endpoints ?? [];
  const submission = { provider, job, endpoints, ...(correlation_id && { correlation_id }) };
  const { input, sha256 } = resolveSubmission(submission, config, providers);
  const rules =
    timeout_seconds === undefined ? input.rules : { truth: 'provider' as const, ...input.rules, timeout_seconds };
  const runId = await startRun(options, {
    input: {
      ...input,
      tracked: true,
      ...(rules && { rules }),
      ...(origin && { origin }),
      ...(initial && { initial: boundedStatus(initial) }),
    },
    sha256,
  });
  return { created: runId !== undefined };
}

/**
 * Starts the one run of a job. Of many calls at once exactly one starts it; Temporal decides. A run that Temporal retains
 * prevents another, unless it was terminated or failed.
 * @returns the new run's ID; undefined where there was a run already
 */
export async function startRun(
  { client, config }: EngineOptions,
  resolved: ResolvedSubmission,
): Promise<string | undefined> {
  const { input } = resolved;
  try {
    const { firstExecutionRunId } = await client.workflow.start(WORKFLOW_TYPE, {
      taskQueue: config.temporal.taskQueue,
      workflowId: workflowIdOf(input),
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      args: [input],
      memo: { ...memoOf(resolved) },
      typedSearchAttributes: new TypedSearchAttributes([
        { key: SEARCH_ATTRIBUTES.JobProvider, value: input.provider },
        { key: SEARCH_ATTRIBUTES.JobState, value: input.initial?.state ?? 'PENDING' },
        { key: SEARCH_ATTRIBUTES.JobEndpoint, value: endpointAttribute(input.subscriptions) },
      ]),
      staticSummary: summaryOf(input),
      staticDetails: detailsOf(input),
    });
    return firstExecutionRunId;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
}

/** What a new run's readers find in its memo. */
export function memoOf({ input, sha256 }: ResolvedSubmission): JobMemo {
  return {
    idempotency_key: input.idempotency_key,
    correlation_id: input.correlation_id,
    labels: input.labels,
    submission_sha256: sha256,
    ...(input.tracked ? { tracked: true } : {}),
    ...(input.initial ? { status: memoStatus(input.initial) } : {}),
  };
}

function summaryOf({ provider, job, subscriptions }: JobInput): string {
  const name = job.split('/').at(-1);
  const summary = `${provider} job ${markdownText(name ?? '')} → ${subscriptions.map(({ endpoint }) => endpoint).join(', ') || 'nobody'}`;
  return runSummary(summary);
}

function detailsOf({ provider, job, idempotency_key, correlation_id, subscriptions, labels }: JobInput): string {
  const rows = subscriptions.map(
    ({ endpoint, format, events }) =>
      `| ${markdownText(endpoint)} | ${markdownCode(format)} | ${events.map((event) => markdownCode(event)).join(', ')} |`,
  );
  const details = [
    `Job ${markdownCode(job)} of ${markdownCode(provider)}`,
    `Idempotency key ${markdownCode(idempotency_key)}${correlation_id ? `, correlation id ${markdownCode(correlation_id)}` : ''}`,
    ...Object.entries(labels).map(([name, value]) => `${markdownCode(name)}: ${markdownText(value)}`),
    '',
    '| endpoint | format | events |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n');
  return beginning(details, MAX_DETAILS_BYTES);
}
