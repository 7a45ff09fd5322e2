import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { Job, JobRedelivery } from '../../schemas/types';
import type { Config } from '../config/config';
import { type SettledState, withLastSettled } from '../domain/delivery';
import { jobNameOf, workflowIdOf } from '../domain/identity';
import { type JobInput, type JobMemo, type JobResult, NOT_ASKED_YET } from '../domain/job-run';
import { isTerminal } from '../domain/job-state';
import type { JobStatus } from '../domain/job-status';
import { noticesQuery } from '../domain/notice';
import { type Subscription, withAdded } from '../domain/subscription';
import { knownStatus } from './known-status';
import { lateSubmission } from './late-submission';
import { webUiLink } from './links';
import { notifiedEndpoints } from './notified-endpoints';
import { NO_DELIVERIES, type OpenDeliveries, openDeliveries } from './open-deliveries';
import { pendingActivities } from './pending-activities';
import { mayLackFirstRedeliveries, viewRedeliveries } from './redelivery-runs';
import { runDeliveries } from './run-deliveries';
import { readRunInput } from './run-history';
import { countNow } from './visibility';

/**
 * A job as `GET /v1/jobs/…` shows it, from the run's description, memo and result alone: it answers from the moment
 * the run is started, with no worker up, and never waits for a query.
 */
export async function viewJob(client: Client, config: Config, description: WorkflowExecutionDescription): Promise<Job> {
  const memo = (description.memo ?? {}) as Partial<JobMemo>;
  const input = readRunInput(client, description);
  const [view, { subscriptions }] = await Promise.all([stateOf(client, description, memo, input), input]);
  if (view.phase === 'waiting' && isTerminal(view.status.state)) {
    // The history is read after the description: meanwhile the run has taken the end in.
    const now = await client.workflow.getHandle(description.workflowId).describe();
    const hasMoved = now.status.name !== 'RUNNING' || now.memo?.['ended'] !== undefined;
    if (hasMoved) return viewJob(client, config, now);
  }
  const found = { ...view, subscriptions };
  const late = memo.tracked && view.phase === 'done' ? await lateSubmission(client, description) : undefined;
  const whole = late ? await withLateDeliveries(client, found, late) : found;
  // What nobody has settled cannot have been redelivered.
  const isSettled = Object.values(whole.settled).some((count) => count > 0);
  const { startTime, runId, raw } = description;
  const firstRunId = raw.workflowExecutionInfo?.firstRunId;
  const mayLackFirst = mayLackFirstRedeliveries({ startTime, runId, firstRunId }, config.temporal.retentionMs);
  const redeliveries = isSettled ? await viewRedeliveries(client, description.workflowId, { mayLackFirst }) : [];
  return shown(client, config, description, (late?.memo ?? memo) as Partial<JobMemo>, whole, redeliveries);
}

/** A job whose run has just been started, which nothing can have happened to yet: Temporal need not be asked. */
export function viewNewRun(client: Client, config: Config, input: JobInput, memo: JobMemo, runId: string): Job {
  const { subscriptions } = input;
  const status = memo.status ?? NOT_ASKED_YET;
  const view: View = { status, phase: 'waiting', completedBy: null, ...NO_DELIVERIES, subscriptions, warnings: [] };
  return shown(client, config, { workflowId: workflowIdOf(input), runId }, memo, view);
}

function shown(
  client: Client,
  config: Config,
  { workflowId, runId }: Pick<WorkflowExecutionDescription, 'workflowId' | 'runId'>,
  memo: Partial<JobMemo>,
  view: View,
  redeliveries: readonly JobRedelivery[] = [],
): Job {
  const { native: _, warnings: ofProvider = [], ...status } = view.status;
  const notified = notifiedEndpoints(config, view.subscriptions);
  const warnings = [...view.warnings, ...ofProvider, ...notified.warnings];
  return {
    ...jobNameOf(workflowId),
    workflow_id: workflowId,
    run_id: runId,
    idempotency_key: memo.idempotency_key ?? '',
    correlation_id: memo.correlation_id ?? null,
    ...status,
    provider_state: status.provider_state || null,
    phase: view.phase,
    outcome: isTerminal(status.state) ? status.state : null,
    completed_by: view.completedBy,
    endpoints: notified.endpoints,
    deliveries: withLastSettled(view.deliveries),
    deliveries_settled: view.settled,
    redeliveries: [...redeliveries],
    labels: memo.labels ?? {},
    notices: { query: noticesQuery(jobNameOf(workflowId)) },
    links: { web_ui: webUiLink(config.temporal.ui, client.options.namespace, workflowId, runId) },
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

/** With how many runs have passed on events of the job so far, by Temporal's visibility index, a moment behind. */
export async function withNoticeCount(client: Client, job: Job): Promise<Job> {
  const count = await countNow(client, job.notices.query);
  return { ...job, notices: { ...job.notices, count } };
}

interface View extends OpenDeliveries {
  readonly status: JobStatus;
  readonly phase: Job['phase'];
  readonly completedBy: Job['completed_by'];
  /** Who is notified. */
  readonly subscriptions: readonly Subscription[];
  readonly warnings: readonly string[];
}

type StateView = Omit<View, 'subscriptions'>;

async function stateOf(
  client: Client,
  description: WorkflowExecutionDescription,
  memo: Partial<JobMemo>,
  input: Promise<JobInput>,
): Promise<StateView> {
  if (description.status.name === 'COMPLETED') return completedRun(client, description);
  const status = memo.ended?.status ?? (await lastStatus(client, description, memo, await input));
  return description.status.name === 'RUNNING'
    ? openRun(client, description, memo, status)
    : brokenOffRun(client, description, memo, status);
}

/**
 * How a job is whose end is not known. What its messages have said stands in the memo, and what its provider was asked in the history;
 * the memo of such a job has what was known before.
 */
async function lastStatus(
  client: Client,
  { workflowId, runId }: WorkflowExecutionDescription,
  { status }: Partial<JobMemo>,
  { rules }: JobInput,
): Promise<JobStatus> {
  if (rules?.truth === 'messages' && status) return status;
  return (await knownStatus(client, workflowId, runId)) ?? status ?? NOT_ASKED_YET;
}

async function openRun(
  client: Client,
  description: WorkflowExecutionDescription,
  memo: Partial<JobMemo>,
  status: JobStatus,
): Promise<StateView> {
  const pending = await pendingActivities(client, description);
  const { ended } = memo;
  const deliveries = await openDeliveries(client, description, pending, memo);
  const question = pending.find(({ type, isCanceled }) => type === 'getJobStatus' && !isCanceled);
  const fault = question?.lastFailure;
  return {
    status,
    phase: ended ? 'notifying' : 'waiting',
    completedBy: ended?.completed_by ?? null,
    ...deliveries,
    warnings: ended || !fault ? [] : [`the last status request to the provider failed: ${fault}`],
  };
}

async function completedRun(client: Client, { workflowId, runId }: WorkflowExecutionDescription): Promise<StateView> {
  const result = (await client.workflow.getHandle(workflowId, runId).result()) as JobResult;
  const { completed_by, deliveries, deliveries_settled, ...status } = result;
  return { status, phase: 'done', completedBy: completed_by, deliveries, settled: deliveries_settled, warnings: [] };
}

/** With what another run does for a submission that came after this one had closed. */
async function withLateDeliveries(client: Client, view: View, late: WorkflowExecutionDescription): Promise<View> {
  const pending = await pendingActivities(client, late);
  const added = await openDeliveries(client, late, pending, {});
  const { recorded } = await runDeliveries(client, late.workflowId, late.runId);
  const subscriptions = withAdded(
    view.subscriptions,
    recorded.map(({ request }) => request.subscription),
  );
  const sum = (state: SettledState) => view.settled[state] + added.settled[state];
  return {
    ...view,
    phase: late.status.name === 'RUNNING' ? 'notifying' : 'done',
    deliveries: [...view.deliveries, ...added.deliveries],
    settled: { delivered: sum('delivered'), gone: sum('gone'), exhausted: sum('exhausted') },
    subscriptions,
  };
}

/** Terminated, timed out or failed: what it knew stays readable, with a warning that it notified nobody after that. */
async function brokenOffRun(
  client: Client,
  description: WorkflowExecutionDescription,
  memo: Partial<JobMemo>,
  status: JobStatus,
): Promise<StateView> {
  const { ended } = memo;
  const deliveries = await openDeliveries(client, description, [], memo);
  return {
    status,
    phase: 'done',
    completedBy: ended?.completed_by ?? null,
    ...deliveries,
    warnings: [
      `the run was ${description.status.name.toLowerCase()} before its work was done; submit the job again to watch it again`,
    ],
  };
}
