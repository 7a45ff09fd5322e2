import type { Client } from '@temporalio/client';
import {
  TypedSearchAttributes,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/common';
import { workflowIdOf } from '../domain/identity';
import { WORKFLOW_TYPE } from '../domain/job-messages';
import type { JobInput, JobMemo } from '../domain/job-run';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes';
import type { ResolvedSubmission } from '../submission/resolve-submission';

/**
 * Starts the one run of a job.
 * A run that Temporal retains stands in the way of another, unless it was broken off (terminated, failed).
 * @throws {WorkflowExecutionAlreadyStartedError}
 */
async function startRun(client: Client, taskQueue: string, resolved: ResolvedSubmission): Promise<string> {
  const { input } = resolved;
  const { firstExecutionRunId } = await client.workflow.start(WORKFLOW_TYPE, {
    taskQueue,
    workflowId: workflowIdOf(input),
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
    args: [input],
    memo: { ...memoOf(resolved) },
    typedSearchAttributes: new TypedSearchAttributes([
      { key: SEARCH_ATTRIBUTES.JobProvider, value: input.provider },
      { key: SEARCH_ATTRIBUTES.JobState, value: input.initial?.state ?? 'PENDING' },
      { key: SEARCH_ATTRIBUTES.JobEndpoint, value: input.subscriptions.map(({ endpoint }) => endpoint) },
    ]),
    staticSummary: summaryOf(input),
    staticDetails: detailsOf(input),
  });
  return firstExecutionRunId;
}

/** What a new run's readers find in its memo. */
export function memoOf({ input, sha256 }: ResolvedSubmission): JobMemo {
  return {
    idempotency_key: input.idempotency_key,
    correlation_id: input.correlation_id,
    labels: input.labels,
    submission_sha256: sha256,
    ...(input.initial ? { status: input.initial } : {}),
  };
}

/**
 * Starts the run unless there is one. Of many at once exactly one starts it; Temporal decides.
 * @returns the new run's ID; undefined where there was a run already
 */
export async function startUnlessThere(
  client: Client,
  taskQueue: string,
  resolved: ResolvedSubmission,
): Promise<string | undefined> {
  try {
    return await startRun(client, taskQueue, resolved);
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
}

function summaryOf({ provider, job, subscriptions }: JobInput): string {
  const name = job.split('/').at(-1);
  return `${provider} job ${name} → ${subscriptions.map(({ endpoint }) => endpoint).join(', ') || 'nobody'}`.slice(
    0,
    200,
  );
}

function detailsOf({ provider, job, idempotency_key, correlation_id, subscriptions, labels }: JobInput): string {
  const rows = subscriptions.map(
    ({ endpoint, format, events }) =>
      `| ${endpoint} | \`${format}\` | ${events.map((event) => `\`${event}\``).join(', ')} |`,
  );
  return [
    `Job \`${job}\` of \`${provider}\``,
    `Idempotency key \`${idempotency_key}\`${correlation_id ? `, correlation id \`${correlation_id}\`` : ''}`,
    ...Object.entries(labels).map(([name, value]) => `\`${name}\`: ${value}`),
    '',
    '| endpoint | format | events |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n');
}
