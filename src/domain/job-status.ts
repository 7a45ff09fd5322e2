import type { JobState } from './job-state';

/** Where a job left its output, e.g. `{uri: 'gs://bucket/dir', type: 'GCS_DIRECTORY'}`. */
export interface Artifact {
  readonly uri: string;
  readonly type: string;
  /** How to read the artifact where a URI is not enough (Snowflake). */
  readonly query?: string;
}

/** The provider's own account of why a job failed. `code` is the provider's, not ours. */
export interface JobError {
  readonly code: number | string;
  readonly message: string;
}

/** SPEC-001's `progress` members; a provider may add numbers of its own. */
export interface Progress {
  readonly percentage_completed?: number;
  readonly rows_completed?: number;
  readonly rows_ignored?: number;
  readonly rows_total?: number;
  readonly [more: string]: number | undefined;
}

/**
 * The truth about a job at one moment, as its provider reports it.
 * Snake case because these members go out as they are, in `data` of an event and in the HTTP API.
 */
export interface JobStatus {
  readonly state: JobState;
  /** The provider's own word for the state, e.g. `JOB_STATE_SUCCEEDED`. */
  readonly provider_state: string;
  /** A stable machine-readable cause where there is one: `EXPIRED`, `LOST`, `FAILED_INTERRUPTED`. */
  readonly reason: string | null;
  readonly message: string | null;
  readonly error: JobError | null;
  readonly artifacts: readonly Artifact[];
  /** How many there are, where not all are in the list. */
  readonly artifacts_total?: number;
  readonly progress: Progress | null;
  /** RFC 3339, UTC. */
  readonly started_at: string | null;
  /** RFC 3339, UTC. */
  readonly ended_at: string | null;
  /** What an operator should know of this answer, such as a state that is not known. For readers of the job, in no event. */
  readonly warnings?: readonly string[];
  /** The same as the provider wrote it, for its own format only. Absent where it has none. */
  readonly native?: Readonly<Record<string, unknown>>;
}

const MAX_WARNINGS = 10;
const MAX_WARNING = 500;

/** A status with what an operator should know of it. It travels in histories, so it is bounded. */
export function withWarnings(status: JobStatus, warnings: readonly string[]): JobStatus {
  if (warnings.length === 0) return status;
  return {
    ...status,
    warnings: warnings.slice(0, MAX_WARNINGS).map((text) => text.slice(0, MAX_WARNING).toWellFormed()),
  };
}
