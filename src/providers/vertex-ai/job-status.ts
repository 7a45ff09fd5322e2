import type { JobState } from '../../domain/job-state';
import type { JobError, JobStatus } from '../../domain/job-status';
import { toArtifacts } from './artifacts';
import { count, toProgress } from './progress';
import type { JobResource, RpcStatus } from './resource';
import { toRfc3339 } from './timestamp';

/** JobState and PipelineState share their words; only the prefix differs. */
const STATES: ReadonlyMap<string, JobState> = new Map([
  ['UNSPECIFIED', 'PENDING'],
  ['QUEUED', 'QUEUED'],
  ['PENDING', 'PENDING'],
  ['RUNNING', 'RUNNING'],
  ['SUCCEEDED', 'COMPLETED'],
  ['FAILED', 'FAILED'],
  // Cancelling may still end in success or failure, and an update goes on running.
  ['CANCELLING', 'RUNNING'],
  ['UPDATING', 'RUNNING'],
  ['CANCELLED', 'CANCELED'],
  // Can be resumed, so it is no end.
  ['PAUSED', 'DELAYED'],
  ['EXPIRED', 'FAILED'],
  ['PARTIALLY_SUCCEEDED', 'PARTIALLY_FAILED'],
]);

/** What the API says of a job, in our words. `warning`: it used a word we do not know. */
export interface ReadStatus {
  readonly status: JobStatus;
  readonly warning?: string;
}

/** Maps a job resource of any kind. Pure. */
export function toJobStatus(job: JobResource): ReadStatus {
  const word = String(job.state ?? 'JOB_STATE_UNSPECIFIED');
  const bare = word.replace(/^(?:JOB|PIPELINE)_STATE_/, '');
  // An unknown state is never an end: better to ask again than to tell what is not so.
  const told = STATES.get(bare) ?? 'RUNNING';
  const partial = told === 'COMPLETED' && hasFailures(job);
  const error = toError(job.error);
  const status: JobStatus = {
    state: partial ? 'PARTIALLY_FAILED' : told,
    provider_state: word,
    reason: bare === 'EXPIRED' ? 'EXPIRED' : null,
    message: error?.message || failureSummary(job),
    error,
    artifacts: toArtifacts(job, told === 'COMPLETED' || told === 'PARTIALLY_FAILED'),
    progress: toProgress(job.completionStats),
    started_at: toRfc3339(job.startTime),
    ended_at: toRfc3339(job.endTime),
  };
  return STATES.has(bare) ? { status } : { status, warning: `unknown Vertex AI state ${word}: watched on as running` };
}

function hasFailures({ completionStats, partialFailures }: JobResource): boolean {
  return (count(completionStats?.failedCount) ?? 0) > 0 || (partialFailures?.length ?? 0) > 0;
}

function failureSummary({ completionStats, partialFailures }: JobResource): string | null {
  const failed = count(completionStats?.failedCount) ?? 0;
  const [first] = partialFailures ?? [];
  const parts = [
    ...(failed > 0 ? [`${failed} ${failed === 1 ? 'item' : 'items'} failed`] : []),
    ...(first
      ? [`partial failures: ${partialFailures?.length}, the first: ${first.message || `code ${first.code}`}`]
      : []),
  ];
  return parts.join('; ') || null;
}

function toError(status: RpcStatus | null | undefined): JobError | null {
  if (!status || (!status.code && !status.message)) return null;
  return { code: status.code ?? 0, message: status.message ?? '' };
}
