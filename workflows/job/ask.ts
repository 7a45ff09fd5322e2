import { ApplicationFailure, isCancellation, log, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/types';
import type { JobStatus } from '../../src/domain/job-status';
import { UNKNOWN_JOB } from '../../src/domain/status-watch';
import type { CancelState, Run } from './run';

// Local, because it then costs one event instead of six; short, because it holds the workflow task (10 s).
const { getJobStatusNow } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '4 seconds',
  scheduleToCloseTimeout: '5 seconds',
  retry: { maximumAttempts: 1 },
});

const { cancelJob } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: 10 },
});

/**
 * Asks the provider once. Where it could not say, the status watch asks, with its patience; where it does not know
 * the job, the watch is left alone, for it counts how long that has been so.
 */
export async function askNow({ input: { provider, job } }: Run): Promise<JobStatus | 'no_answer' | 'unknown_job'> {
  try {
    return await getJobStatusNow.executeWithOptions({ summary: `asks ${provider} at once how the job is` }, [
      { provider, job },
    ]);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.info('the provider could not say at once how the job is', { provider, job });
    return isOfType(error, UNKNOWN_JOB) ? 'unknown_job' : 'no_answer';
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
export async function askToCancel({ input: { provider, job } }: Run): Promise<CancelState> {
  try {
    const { kind, message } = await cancelJob.executeWithOptions({ summary: `asks ${provider} to cancel the job` }, [
      { provider, job },
    ]);
    if (kind === 'refused') log.warn('the provider refused to cancel the job; watching on', { provider, job, message });
    return kind;
  } catch (error) {
    log.warn('the provider could not be asked to cancel the job; watching on', { provider, job, error });
    return 'refused';
  }
}
