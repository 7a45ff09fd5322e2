import type { JobName } from './identity';
import type { JobStatus } from './job-status';
import type { JsonObject } from './json';
import type { TraceContext } from './trace-context';

/** A question to a provider about one of its jobs. */
export interface JobQuestion extends JobName {
  /** What the provider may need beside the name. Absent for one that needs nothing. */
  readonly context?: JobContext;
  /** Whose trace the question belongs to. */
  readonly trace?: TraceContext;
}

export interface JobContext {
  /** What the job's own submission said. */
  readonly origin: JsonObject | null;
  /** The provider's own identity for the job, once a callback has named it. */
  readonly identity: string | null;
}

/** A question that is asked again until the provider answers. */
export interface PersistentQuestion extends JobQuestion {
  /** What the run knows already; a job that is lost ends with it. */
  readonly known: JobStatus;
  /** Since when the provider has not known the job, epoch ms; null where it has. */
  readonly not_found_since: number | null;
  /** The answers so far that nobody could read; null where the last one could be read. */
  readonly unreadable: Unreadable | null;
  /** When it may be asked again, epoch ms. */
  readonly not_before: number;
  /** Why it was not answered before. */
  readonly fault: string;
}

/** Answers in a row that nobody can read. */
export interface Unreadable {
  /** Epoch ms. */
  readonly since: number;
  readonly times: number;
  /** They lasted, and operations were notified. */
  readonly reported?: true;
}

/** Details of a question's failure. */
export interface Unanswered {
  /** After how many ms it may be asked again; 0 for a question that was not asked, or not for long. */
  readonly again_in_ms: number;
}

/** Failure type of a question about a job that the provider does not know (yet, or any more). */
export const UNKNOWN_JOB = 'UnknownJob';

/** Failure type of a question whose answer nobody can read. */
export const UNREADABLE_ANSWER = 'UnreadableAnswer';
