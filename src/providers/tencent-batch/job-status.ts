import type { JobState } from '../../domain/job-state';
import type { JobStatus } from '../../domain/job-status';
import { parseRfc3339 } from '../../domain/rfc3339';
import type { JobResource } from './job-resource';
import { toProgress } from './progress';

const STATES: ReadonlyMap<string, JobState> = new Map([
  ['SUBMITTED', 'PENDING'],
  ['PENDING', 'PENDING'],
  ['RUNNABLE', 'QUEUED'],
  ['STARTING', 'RUNNING'],
  ['RUNNING', 'RUNNING'],
  ['SUCCEED', 'COMPLETED'],
  ['FAILED', 'FAILED'],
  ['FAILED_INTERRUPTED', 'FAILED'],
]);

/** The one word of Tencent Batch that costs money to overlook. */
export const STILL_BILLS =
  'the job failed and its instance is kept for debugging, which still bills: terminate the task instance, or the job, to release it';

/** What the API says of a job, in our words. `warning`: it used a word we do not know. */
export interface ReadStatus {
  readonly status: JobStatus;
  readonly warning?: string;
}

/**
 * Maps the answer of DescribeJob. Pure.
 * @param region where the job runs, as in `Region` of Tencent's own events
 */
export function toJobStatus(job: JobResource, region: string): ReadStatus {
  const word = job.JobState ?? '';
  // An unknown state is never an end: better to ask again than to tell what is not so.
  const state = STATES.get(word) ?? 'RUNNING';
  const interrupted = word === 'FAILED_INTERRUPTED';
  const why = job.StateReason?.trim() || null;
  const status: JobStatus = {
    state,
    provider_state: word,
    reason: interrupted ? 'FAILED_INTERRUPTED' : null,
    message: interrupted ? [why, STILL_BILLS].filter(Boolean).join('; ') : why,
    error: state === 'FAILED' ? { code: word, message: why ?? (interrupted ? STILL_BILLS : '') } : null,
    artifacts: [],
    progress: toProgress(job.TaskMetrics),
    // The API does not tell when a job began to run; that it was created is the nearest it says.
    started_at: state === 'PENDING' || state === 'QUEUED' ? null : toRfc3339(job.CreateTime),
    ended_at: toRfc3339(job.EndTime),
    native: { Region: region, Batch: batchOf(job) },
  };
  return STATES.has(word)
    ? { status }
    : { status, warning: `unknown Tencent Batch state ${word}: watched on as running` };
}

/** What goes into `Batch` of an event about the job. Its tasks and their dependencies stay out: they may be thousands. */
function batchOf(job: JobResource): Readonly<Record<string, unknown>> {
  const { JobId, JobName, JobState, StateReason, Zone, Priority, CreateTime, EndTime } = job;
  const { TaskMetrics, TaskInstanceMetrics } = job;
  const members = { JobId, JobName, JobState, StateReason, Zone, Priority, CreateTime, EndTime };
  return Object.fromEntries(
    Object.entries({ ...members, TaskMetrics, TaskInstanceMetrics }).filter(
      ([, value]) => value != null && value !== '',
    ),
  );
}

function toRfc3339(time: string | null | undefined): string | null {
  const at = time ? parseRfc3339(time) : undefined;
  return at?.toISOString().replace('.000Z', 'Z') ?? null;
}
