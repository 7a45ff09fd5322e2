import type { JobState } from '../../domain/job-state';
import type { JobStatus, Progress } from '../../domain/job-status';
import { isObject, type JsonObject, objectAt, textAt } from '../../domain/json';
import { readTimeText } from '../../domain/parse-time';

/**
 * DescribeJob's response. Only its JobState has to be there: whatever else is absent, null or of another type counts as absent.
 * Source: https://www.tencentcloud.com/document/product/599/30561
 */
export type JobResource = JsonObject;

const METRICS = [
  'SubmittedCount',
  'PendingCount',
  'RunnableCount',
  'StartingCount',
  'RunningCount',
  'SucceedCount',
  'FailedInterruptedCount',
  'FailedCount',
] as const;

/** Its states and ours. */
export const STATES: ReadonlyMap<string, JobState> = new Map([
  ['SUBMITTED', 'PENDING'],
  ['PENDING', 'PENDING'],
  ['RUNNABLE', 'QUEUED'],
  ['STARTING', 'RUNNING'],
  ['RUNNING', 'RUNNING'],
  ['SUCCEED', 'COMPLETED'],
  ['FAILED', 'FAILED'],
  ['FAILED_INTERRUPTED', 'FAILED'],
]);

/** The message of a state that costs money until somebody acts on it. */
export const STILL_BILLS =
  'the job failed and its instance is kept for debugging, which still bills: terminate the task instance, or the job, to release it';

/** A job's status in the domain's terms, with a warning where the API's state is unknown. */
export interface ReadStatus {
  readonly status: JobStatus;
  readonly warning?: string;
}

/**
 * Maps the response of DescribeJob. Pure.
 * @param region the job's region, as in `Region` of Tencent's own events
 */
export function toJobStatus(job: JobResource, region: string): ReadStatus {
  const providerState = textAt(job, 'JobState') ?? '';
  // An unknown state is never terminal: asking again is better than a wrong notification.
  const state = STATES.get(providerState) ?? 'RUNNING';
  const interrupted = providerState === 'FAILED_INTERRUPTED';
  const reason = textAt(job, 'StateReason')?.trim() || null;
  const status: JobStatus = {
    state,
    provider_state: providerState,
    reason: interrupted ? 'FAILED_INTERRUPTED' : null,
    message: interrupted ? [reason, STILL_BILLS].filter(Boolean).join('; ') : reason,
    error: state === 'FAILED' ? { code: providerState, message: reason ?? (interrupted ? STILL_BILLS : '') } : null,
    artifacts: [],
    progress: toProgress(objectAt(job, 'TaskMetrics')),
    // The API has no start time; the time of creation is the nearest to it.
    started_at: state === 'PENDING' || state === 'QUEUED' ? null : readTimeText(job['CreateTime']),
    ended_at: readTimeText(job['EndTime']),
    native: { Region: region, Batch: batchOf(job) },
  };
  return STATES.has(providerState)
    ? { status }
    : { status, warning: `unknown Tencent Batch state ${providerState}: treated as RUNNING` };
}

const BATCH_TEXTS = ['JobId', 'JobName', 'JobState', 'StateReason', 'Zone', 'CreateTime', 'EndTime'] as const;
const BATCH_METRICS = ['TaskMetrics', 'TaskInstanceMetrics'] as const;

/** `Batch` of an event about the job, without its tasks and their dependencies, of which there may be thousands. */
function batchOf(job: JobResource): Readonly<Record<string, unknown>> {
  const texts = BATCH_TEXTS.map((member) => [member, textAt(job, member)] as const);
  const metrics = BATCH_METRICS.map((member) => [member, isObject(job[member]) ? job[member] : undefined] as const);
  const priority = typeof job['Priority'] === 'number' ? job['Priority'] : undefined;
  return Object.fromEntries(
    [...texts, ['Priority', priority] as const, ...metrics].filter(([, value]) => value !== undefined),
  );
}

/**
 * Task metrics as numbers: SPEC-001's percentage, here of the tasks that have ended, and Tencent Batch's own counts.
 * Tasks are not rows, so there are no numbers of rows.
 */
function toProgress(metrics: JsonObject): Progress | null {
  const known = METRICS.flatMap((name) => {
    const count = metrics[name];
    return typeof count === 'number' && Number.isFinite(count) && count >= 0 ? [[name, count] as const] : [];
  });
  if (known.length === 0) return null;
  const counts = new Map<string, number>(known);
  const sumOf = (...names: readonly (typeof METRICS)[number][]) =>
    names.reduce((sum, name) => sum + (counts.get(name) ?? 0), 0);
  const tasks = sumOf(...METRICS);
  const ended = sumOf('SucceedCount', 'FailedCount', 'FailedInterruptedCount');
  return {
    ...(tasks > 0 && { percentage_completed: Math.round((ended / tasks) * 10_000) / 100 }),
    task_count: tasks,
    ...Object.fromEntries(known.map(([name, count]) => [snakeCase(name), count])),
  };
}

/** `FailedInterruptedCount` → `failed_interrupted_count` */
function snakeCase(name: string): string {
  return name.replace(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
