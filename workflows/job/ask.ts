import { rootCause } from '@temporalio/common';
import { ApplicationFailure, isCancellation, log, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/types';
import type { CallbackMessage } from '../../src/domain/job-messages';
import type { CompletedBy } from '../../src/domain/job-run';
import { isTerminal } from '../../src/domain/job-state';
import type { JobStatus } from '../../src/domain/job-status';
import { type JobQuestion, type QuestionBeforeTelling, UNKNOWN_JOB } from '../../src/domain/status-watch';
import { type CancelState, questionOf, type Run } from './run';

/** How long a callback waits for an answer of a provider that is not well: then it is given up, and the poll asks on. */
const CALLBACK_PATIENCE = '40 seconds';

// Local, because it then costs one event instead of six; short, because it holds the workflow task (10 s).
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

/**
 * Asks the provider once. Where it could not say, the status watch asks, with its patience; where it does not know
 * the job, the watch is left alone, for it counts how long that has been so.
 */
export async function askNow(run: Run, by: CompletedBy): Promise<JobStatus | 'no_answer' | 'unknown_job'> {
  const { provider, job } = run.input;
  try {
    const answer = await getJobStatusNow.executeWithOptions({ summary: `asks ${provider} at once how the job is` }, [
      questionBeforeTelling(run, by),
    ]);
    if (!('status' in answer)) return answer;
    run.endpointsArePrompt = answer.endpoints_are_prompt && isTerminal(answer.status.state);
    return answer.status;
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.info('the provider could not say at once how the job is', { provider, job });
    return isOfType(error, UNKNOWN_JOB) ? 'unknown_job' : 'no_answer';
  }
}

/** A run of before may be continued by a worker of before, which would not understand the answer. */
function questionBeforeTelling(run: Run, by: CompletedBy): JobQuestion | QuestionBeforeTelling {
  if ((run.input.revision ?? 0) < 3) return questionOf(run);
  return { ...questionOf(run), endpoints: run.input.subscriptions.map(({ endpoint }) => endpoint), by };
}

/**
 * Asks how the job that a callback names is, with the patience of somebody who has to accept or refuse the message.
 * @returns the status, or why there is none and never will be
 */
export async function askForCallback(run: Run, callback: CallbackMessage): Promise<JobStatus | { refused: string }> {
  const { provider, job, origin } = run.input;
  const { identity } = run.callback ?? callback;
  try {
    return await getJobStatusOnce.executeWithOptions({ summary: `asks ${provider} how ${identity} is` }, [
      { provider, job, context: { origin: origin ?? null, identity } },
    ]);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { refused: rootCause(error) ?? String(error) };
  }
}

/** Whether a failure, or what caused it, is of this type. Across Temporal only the type counts, never the class. */
function isOfType(error: unknown, type: string): boolean {
  if (!(error instanceof Error)) return false;
  return (error instanceof ApplicationFailure && error.type === type) || isOfType(error.cause, type);
}

/** The end of a job whose provider has no way to cancel it: jobherald stops watching, and says so. */
export const canceledHere = ({ status }: Run): JobStatus => ({
  ...status,
  state: 'CANCELED',
  provider_state: 'CANCELED',
  reason: 'CANCELED_BY_REQUEST',
  message: 'Watching was canceled on request; the provider offers no way to cancel the job itself.',
});

/** Passes a wish to cancel on to the provider. What comes of it, the job's status tells. */
export async function askToCancel(run: Run): Promise<CancelState> {
  const { provider, job } = run.input;
  try {
    const { kind, message } = await cancelJob.executeWithOptions({ summary: `asks ${provider} to cancel the job` }, [
      questionOf(run),
    ]);
    if (kind === 'refused') log.warn('the provider refused to cancel the job; watching on', { provider, job, message });
    return kind;
  } catch (error) {
    log.warn('the provider could not be asked to cancel the job; watching on', { provider, job, error });
    return 'refused';
  }
}
