import type { JobName } from './identity';
import type { JobStatus } from './job-status';
import type { JsonObject } from './json';

/** A question to a provider about one of its jobs. */
export interface JobQuestion extends JobName {
  /** What the provider may need beside the name. Absent for one that needs nothing. */
  readonly context?: JobContext;
}

export interface JobContext {
  /** What the job's own submission said. */
  readonly origin: JsonObject | null;
  /** The provider's own identity for the job, once a callback has named it. */
  readonly identity: string | null;
}

/** What the fallback poll is to watch. */
export interface StatusWatch extends JobQuestion {
  /** What the run knows already: only a change from it matters before the end. */
  readonly known: JobStatus;
  /** Whether an endpoint is subscribed to `job.running`. */
  readonly wants_running: boolean;
  /** Whether an endpoint is subscribed to `job.progress`. */
  readonly wants_progress: boolean;
  /** Since when the pace counts, epoch ms; null: since this watch's first attempt. */
  readonly pace_since: number | null;
  /** False: the provider has just been asked, so the first attempt only waits. */
  readonly ask_at_once: boolean;
}

/** What the watch found: the job has ended, or moved in a way that an endpoint is subscribed to. */
export interface WatchAnswer {
  readonly status: JobStatus;
  /** Whether the provider said so when first asked, or only to a later question of the poll. */
  readonly at_once: boolean;
}

/** Failure type of a question about a job that the provider does not know (yet, or any more). */
export const UNKNOWN_JOB = 'UnknownJob';

/** Heartbeat details of `getJobStatus`: what the last attempt saw. */
export interface WatchProgress {
  readonly status: JobStatus | null;
  /** Since when the pace counts, epoch ms. */
  readonly pace_since: number;
  /** Epoch ms of the last question. */
  readonly asked_at: number | null;
  /** Since when the provider has not known the job, epoch ms. */
  readonly not_found_since: number | null;
  /** Why the last question got no answer. */
  readonly error: string | null;
}
