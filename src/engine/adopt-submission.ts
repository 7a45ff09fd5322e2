import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { adoptMessage } from '../domain/adoption';
import { terminalEventType } from '../domain/event-type';
import { ADOPT_UPDATE, type AdoptAnswer, type AdoptMessage } from '../domain/job-messages';
import { type EndedMemo, type JobMemo, MAX_ENDPOINTS } from '../domain/job-run';
import { isTerminal } from '../domain/job-state';
import { JobHeraldError } from '../domain/jobherald-error';
import { type EventContext, makeAgain, makeEvent } from '../domain/make-event';
import type { ResolvedSubmission } from '../submission/resolve-submission';
import { knownStatus } from './known-status';
import { lateSubmission, lateSubmissionWorkflowId } from './late-submission';
import { startEventNotice } from './notices';
import { readRunInput } from './run-history';
import type { EngineOptions } from './start-run';
import { grpcCode, isNotFound } from './temporal-errors';

/** Within the gateway's own deadline for one request. */
const WORKER_ANSWERS_WITHIN_MS = 3_000;
const DEADLINE_EXCEEDED = 4;
const CANCELLED = 1;

/**
 * Hands a submission to a run that was begun by tracking. An open run takes it by an update, so a worker has to be up; where it is
 * closed, a run of its own notifies the endpoints that are added.
 * @returns try_again: the run closed, or was replaced, meanwhile
 * @throws {JobHeraldError} `unavailable` where no worker answers. The submission may be taken all the same, later.
 */
export async function adoptSubmission(
  options: EngineOptions,
  run: WorkflowExecutionDescription,
  submission: ResolvedSubmission,
): Promise<AdoptAnswer['effect'] | 'try_again'> {
  await refuseTooMany(options.client, run, submission);
  if (run.status.name === 'RUNNING') return adoptByRun(options.client, run, submission);
  return adoptAfterEnd(options, run, submission);
}

/** Tracking and submission each keep the bound; together they have to keep it, too. */
async function refuseTooMany(client: Client, run: WorkflowExecutionDescription, { input }: ResolvedSubmission) {
  const { subscriptions } = await readRunInput(client, run);
  const count = new Set([...subscriptions, ...input.subscriptions].map(({ endpoint }) => endpoint)).size;
  if (count <= MAX_ENDPOINTS) return;
  const detail = `with those of track.endpoints these are ${count} endpoints; a job may have ${MAX_ENDPOINTS}`;
  throw new JobHeraldError('unprocessable', 'The job is tracked already, and would have too many endpoints.', {
    faults: [{ pointer: '/endpoints', detail }],
  });
}

async function adoptByRun(
  client: Client,
  { workflowId }: WorkflowExecutionDescription,
  { input, sha256 }: ResolvedSubmission,
): Promise<AdoptAnswer['effect'] | 'try_again'> {
  const message = adoptMessage({ ...input, submission_sha256: sha256 });
  const run = client.workflow.getHandle(workflowId);
  try {
    const { effect } = await client.withDeadline(Date.now() + WORKER_ANSWERS_WITHIN_MS, () =>
      run.executeUpdate<AdoptAnswer, [AdoptMessage]>(ADOPT_UPDATE, { args: [message] }),
    );
    return effect;
  } catch (error) {
    if (isNotFound(error)) return 'try_again';
    if (error instanceof WorkflowUpdateFailedError) {
      // Refused by the run, which is a defect; or the run closed with the update under way.
      if (error.cause instanceof ApplicationFailure && error.cause.type === 'InvalidSubmission') throw error;
      return 'try_again';
    }
    const code = grpcCode(error);
    const isTimeout = code === DEADLINE_EXCEEDED || code === CANCELLED;
    if (!isTimeout && !(error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)) throw error;
    throw new JobHeraldError(
      'unavailable',
      'The job is tracked already, and no worker has taken the submission in yet; try again.',
      { cause: error },
    );
  }
}

/**
 * The run is closed, so another one notifies those endpoints that do not know how the job ended. Its ID is computed: of many
 * submissions one starts it.
 */
async function adoptAfterEnd(
  { client, config }: EngineOptions,
  run: WorkflowExecutionDescription,
  { input, sha256 }: ResolvedSubmission,
): Promise<AdoptAnswer['effect'] | 'try_again'> {
  const ended = (run.memo as Partial<JobMemo> | undefined)?.ended;
  if (!ended || !isTerminal(ended.status.state)) return 'try_again'; // it was terminated: the next attempt starts another
  const type = terminalEventType(ended.status.state);
  const context = await contextOf(client, run, ended, input);
  const event = ended.event ? makeAgain(context, type, ended.event) : makeEvent(context, type);
  const isNotified = (endpoint: string) => ended.deliveries.some(({ id }) => id === `${endpoint}/${event.id}`);
  const { idempotency_key, correlation_id, labels } = input;
  const memo: JobMemo = { idempotency_key, correlation_id, labels, submission_sha256: sha256 };
  const workflowId = lateSubmissionWorkflowId(run);
  const created = await startEventNotice(client, config.temporal.taskQueue, {
    workflowId,
    event,
    subscriptions: input.subscriptions.filter(({ endpoint }) => !isNotified(endpoint)),
    trace: context.input.trace,
    memo,
  });
  if (created) return 'adopted';
  const before = await lateSubmission(client, run);
  if (!before) return 'try_again';
  return (before.memo as Partial<JobMemo> | undefined)?.submission_sha256 === sha256 ? 'same' : 'conflict';
}

/** What the run knew at its end, with what the submission says. */
async function contextOf(
  client: Client,
  { workflowId, runId }: WorkflowExecutionDescription,
  { status, deliveries }: EndedMemo,
  submitted: ResolvedSubmission['input'],
): Promise<EventContext> {
  const [answered, { origin, trace }] = await Promise.all([
    knownStatus(client, workflowId, runId),
    readRunInput(client, { workflowId, runId }),
  ]);
  // Only the provider's answer in the history has what its own format needs.
  const native = answered?.state === status.state ? answered.native : undefined;
  return {
    input: { ...(trace && { trace }), ...submitted, ...(origin && { origin }) },
    status: { ...status, ...(native && { native }) },
    sequence: new Set(deliveries.map(({ webhook_id }) => webhook_id)).size + 1,
    now: Date.now(),
  };
}
