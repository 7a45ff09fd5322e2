import type { JobState } from '../../domain/job-state';
import type { JobError, JobStatus, Progress } from '../../domain/job-status';
import { isObject, type JsonObject, objectAt, objectsAt, textAt } from '../../domain/json';
import { toArtifacts } from './artifacts';
import { countAt, type JobResource, toRfc3339, wordAt } from './job-resource';

/** JobState and PipelineState have the same names after their prefix. */
const STATES: ReadonlyMap<string, JobState> = new Map([
  ['UNSPECIFIED', 'PENDING'],
  ['QUEUED', 'QUEUED'],
  ['PENDING', 'PENDING'],
  ['RUNNING', 'RUNNING'],
  ['SUCCEEDED', 'COMPLETED'],
  ['FAILED', 'FAILED'],
  // A job that is cancelling may still succeed or fail, and one that is updating goes on running.
  ['CANCELLING', 'RUNNING'],
  ['UPDATING', 'RUNNING'],
  ['CANCELLED', 'CANCELED'],
  // A paused job can be resumed, so it has not ended.
  ['PAUSED', 'DELAYED'],
  ['EXPIRED', 'FAILED'],
  ['PARTIALLY_SUCCEEDED', 'PARTIALLY_FAILED'],
]);

/** A job's status in the domain's terms, with a warning where the API's state is unknown. */
export interface ReadStatus {
  readonly status: JobStatus;
  readonly warning?: string;
}

/** Maps a job resource of any kind. Pure. */
export function toJobStatus(job: JobResource): ReadStatus {
  const providerState = String(wordAt(job, 'state') ?? 'JOB_STATE_UNSPECIFIED');
  const name = providerState.replace(/^(?:JOB|PIPELINE)_STATE_/, '');
  // An unknown state is never terminal: asking again is better than a wrong notification.
  const mapped = STATES.get(name) ?? 'RUNNING';
  const partial = mapped === 'COMPLETED' && hasFailures(job);
  const error = toError(objectAt(job, 'error'));
  const status: JobStatus = {
    state: partial ? 'PARTIALLY_FAILED' : mapped,
    provider_state: providerState,
    reason: name === 'EXPIRED' ? 'EXPIRED' : null,
    message: error?.message || failureSummary(job),
    error,
    artifacts: toArtifacts(job, mapped === 'COMPLETED' || mapped === 'PARTIALLY_FAILED'),
    progress: toProgress(job['completionStats']),
    started_at: toRfc3339(job['startTime']),
    ended_at: toRfc3339(job['endTime']),
  };
  return STATES.has(name)
    ? { status }
    : { status, warning: `unknown Vertex AI state ${providerState}: treated as RUNNING` };
}

function hasFailures(job: JobResource): boolean {
  return failedItems(job) > 0 || objectsAt(job, 'partialFailures').length > 0;
}

function failedItems(job: JobResource): number {
  return countAt(objectAt(job, 'completionStats'), 'failedCount') ?? 0;
}

function failureSummary(job: JobResource): string | null {
  const failed = failedItems(job);
  const failures = objectsAt(job, 'partialFailures');
  const [first] = failures;
  const parts = [
    ...(failed > 0 ? [`${failed} ${failed === 1 ? 'item' : 'items'} failed`] : []),
    ...(first
      ? [
          `partial failures: ${failures.length}, the first: ${textAt(first, 'message') ?? `code ${wordAt(first, 'code')}`}`,
        ]
      : []),
  ];
  return parts.join('; ') || null;
}

/** google.rpc.Status. */
function toError(status: JsonObject): JobError | null {
  const [code, message] = [wordAt(status, 'code') ?? 0, textAt(status, 'message') ?? ''];
  return code === 0 && message === '' ? null : { code, message };
}

/**
 * Completion statistics as numbers, under SPEC-001's names and Vertex AI's own. Unknown numbers are omitted: without a
 * count of incomplete items (-1) there is no total and no percentage.
 */
function toProgress(stats: unknown): Progress | null {
  if (!isObject(stats)) return null;
  const successful = countAt(stats, 'successfulCount') ?? 0;
  const failed = countAt(stats, 'failedCount') ?? 0;
  const incomplete = wordAt(stats, 'incompleteCount') === undefined ? 0 : countAt(stats, 'incompleteCount');
  const forecastPoints = countAt(stats, 'successfulForecastPointCount') ?? 0;
  return {
    ...(incomplete !== undefined && total(successful, failed, incomplete)),
    rows_completed: successful,
    successful_count: successful,
    failed_count: failed,
    ...(incomplete !== undefined && { incomplete_count: incomplete }),
    ...(forecastPoints > 0 && { successful_forecast_point_count: forecastPoints }),
  };
}

function total(successful: number, failed: number, incomplete: number): Progress {
  const rows = successful + failed + incomplete;
  if (rows === 0) return { rows_total: 0 };
  return { percentage_completed: Math.round(((successful + failed) / rows) * 10_000) / 100, rows_total: rows };
}
