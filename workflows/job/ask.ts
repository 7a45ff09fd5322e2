import { rootCause } from '@temporalio/common';
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  log,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/types';
import type { CallbackMessage } from '../../src/domain/job-messages';
import { UNKNOWN_JOB, UNREADABLE_ANSWER, type Unanswered } from '../../src/domain/job-question';
import type { Cancellation } from '../../src/domain/job-run';
import type { JobStatus } from '../../src/domain/job-status';
import { markdownText } from '../../src/domain/markdown';
import { questionsQueue } from '../../src/domain/scope-watch';
import { canAsk, isOpen, questionOf, type Run } from './run';

/** How long a callback waits for a provider that does not answer. Then it is rejected. */
const CALLBACK_PATIENCE = '40 seconds';

// Local, because it then costs one event instead of six. It is short, because it holds the workflow task and a thread of the
// worker, and ends itself within a second; a worker that stood still meanwhile keeps the answer that it has got.
const { getJobStatusNow } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '4 seconds',
  scheduleToCloseTimeout: '5 seconds',
  retry: { maximumAttempts: 1 },
});

const { getJobStatusOnce } = proxyActivities<Activities>({
  startToCloseTimeout: '12 seconds',
  scheduleToCloseTimeout: CALLBACK_PATIENCE,
  retry: { initialInterval: '1 second', maximumInterval: '5 seconds' },
});

const { cancelJob } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: 10 },
});

/** What goes to a provider takes no slot from deliveries, nor they from it. */
const questions = () => questionsQueue(workflowInfo().taskQueue);

/** What a question came to. unknown_job: the provider does not know the job (yet) · unreadable: nobody can read its answer. */
export type Answer = { readonly kind: 'status'; readonly status: JobStatus } | NotAnswered;

export interface NotAnswered {
  readonly kind: 'no_answer' | 'unknown_job' | 'unreadable';
  /** When it may be asked again, epoch ms. */
  readonly againAt: number;
  readonly fault: string;
}

/** Asks the provider once. */
export async function askNow(run: Run): Promise<Answer> {
  const { provider, job } = run.input;
  run.state.phase = { kind: 'fetching' };
  try {
    const summary = `asks ${provider} for the status of the job`;
    const status = await getJobStatusNow.executeWithOptions({ summary }, [questionOf(run)]);
    return { kind: 'status', status };
  } catch (error) {
    if (isCancellation(error)) throw error;
    const failure = applicationFailureOf(error);
    log.info('the provider did not answer at once', { provider, job, why: failure?.message });
    const details = failure?.details?.[0] as Partial<Unanswered> | undefined;
    const againAt = Date.now() + (details?.again_in_ms ?? 0);
    return {
      kind: kindOf(failure),
      againAt,
      fault: failure?.message ?? String(error),
    };
  } finally {
    // A report or a callback may have ended the job meanwhile.
    if (isOpen(run)) run.state.phase = { kind: 'waiting' };
  }
}

function kindOf(failure: ApplicationFailure | undefined): NotAnswered['kind'] {
  if (failure?.type === UNKNOWN_JOB) return 'unknown_job';
  return failure?.type === UNREADABLE_ANSWER ? 'unreadable' : 'no_answer';
}

export type CallbackStatus =
  | { readonly kind: 'status'; readonly status: JobStatus }
  | { readonly kind: 'rejected'; readonly reason: string }
  /** Something else has ended the job meanwhile. */
  | { readonly kind: 'over' };

/**
 * Asks for the status of the job that a callback names. Asks longer than {@link askNow}, because the callback has to be
 * accepted or rejected. Only what came of asking rejects it: where no worker came to ask in time, or one died over it, it is
 * asked again, for as long as the job is open. Failing the update instead would give whoever sends it again the same failure.
 * @returns the status, or why there is none and never will be
 */
export async function askForCallback(run: Run, callback: CallbackMessage): Promise<CallbackStatus> {
  const { provider, job, origin, trace } = run.input;
  const { identity } = run.state.callback ?? callback;
  const context = { origin: origin ?? null, identity };
  const question = { provider, job, context, ...(trace && { trace }) };
  const summary = `asks ${provider} for ${markdownText(identity, 100)}`; // Temporal takes 400 bytes
  for (;;) {
    try {
      const status = await whileOpen(run, () =>
        getJobStatusOnce.executeWithOptions({ summary, taskQueue: questions() }, [question]),
      );
      return status === undefined ? { kind: 'over' } : { kind: 'status', status };
    } catch (error) {
      if (isCancellation(error)) throw error;
      if (wasAsked(error)) return { kind: 'rejected', reason: rootCause(error) ?? String(error) };
      log.info('nobody came to ask the provider about a callback in time; asking again', { provider, job });
    }
  }
}

/** What comes of asking, or undefined as soon as the job has ended: its run does not stay open for a provider that is slow. */
function whileOpen<T>(run: Run, ask: () => Promise<T>): Promise<T | undefined> {
  return CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    try {
      return await Promise.race([ask(), condition(() => !isOpen(run)).then(() => undefined)]);
    } finally {
      scope.cancel();
    }
  });
}

/** Whether an activity that failed has asked at all: one that only ran out of time found no worker, or its worker died. */
export function wasAsked(error: unknown): boolean {
  return applicationFailureOf(error) !== undefined;
}

/** The failure that an activity threw, or what it was caused by. Across Temporal its type counts, never its class. */
function applicationFailureOf(error: unknown): ApplicationFailure | undefined {
  if (error instanceof ApplicationFailure) return error;
  return error instanceof Error ? applicationFailureOf(error.cause) : undefined;
}

/** The end of a job whose provider has no way to cancel it: jobherald stops watching, and says so. */
export const canceledHere = ({ state: { status } }: Run): JobStatus => ({
  ...status,
  state: 'CANCELED',
  provider_state: 'CANCELED',
  reason: 'CANCELED_BY_REQUEST',
  message: 'Watching was canceled on request; the provider offers no way to cancel the job itself.',
});

/** Asks the provider to cancel the job. The job's status shows what comes of it. */
export async function askToCancel(run: Run): Promise<Cancellation> {
  if (!canAsk(run)) return 'unsupported';
  const { provider, job } = run.input;
  try {
    const summary = `asks ${provider} to cancel the job`;
    const { kind, message } = await cancelJob.executeWithOptions({ summary, taskQueue: questions() }, [
      questionOf(run),
    ]);
    if (kind === 'refused') log.warn('the provider refused to cancel the job; watching on', { provider, job, message });
    return kind;
  } catch (error) {
    log.warn('the provider could not be asked to cancel the job; watching on', { provider, job, error });
    return 'refused';
  }
}
