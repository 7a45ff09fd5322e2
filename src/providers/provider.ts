import type { JobContext } from '../domain/job-question';
import type { JobStatus } from '../domain/job-status';
import type { PollPace } from '../domain/poll-pace';
import type { WatchRules } from '../domain/watch-rules';
import type { Watching } from './watching';

export type { JobContext } from '../domain/job-question';

/**
 * A system that runs jobs. One folder under src/providers and one line in registry.ts make one.
 * An instance is made once per process and keeps its connections.
 */
export interface Provider {
  /** As in URLs and workflow IDs: `vertex-ai`. */
  readonly name: string;
  readonly poll: PollPace;
  /** The provider's own word for "state not known", sent for a job that is LOST: `JOB_STATE_UNSPECIFIED`. */
  readonly unspecifiedState: string;
  /** Whether a hint about a job nobody submitted starts tracking it, and who is then notified. */
  readonly track: { readonly auto: boolean; readonly endpoints: readonly string[] };

  /** When an open job is overdue, in ms, where its submission does not say; null or absent: never. */
  readonly overdueAfterMs?: number | null;

  /** What a run of its jobs believes and expects. Default: the provider is asked. */
  readonly rules?: WatchRules;

  /** How its open jobs are watched together. Absent: there is nothing to ask, its messages are the truth. */
  readonly watching?: Watching;

  /**
   * The one spelling of a job's name, so that all its spellings are one job.
   * @throws {ProviderError} `invalid_job_name`, with the form that was expected
   */
  canonicalJobName(job: string): string;

  /** The correlation id of a job that is submitted or tracked without one. Default: it has none. */
  correlationId?(job: string): string;

  /**
   * Asks the provider for the job's status. Reads only, so running it twice is harmless.
   * @param job canonical name
   * @param context what the run knows beside the name; absent where it knows nothing
   * @throws {ProviderError} `not_found`, `permission_denied`, `unreadable`, or `unavailable` for anything worth
   *   another try
   */
  getJobStatus(job: string, signal: AbortSignal, context?: JobContext): Promise<JobStatus>;

  /**
   * Asks the provider to cancel the job; best effort, the status says what came of it. Absent: it cannot.
   * @throws {ProviderError} as getJobStatus, and `unsupported`
   */
  cancelJob?(job: string, signal: AbortSignal, context?: JobContext): Promise<void>;

  /**
   * Gives back what the job holds at the provider, when its end is recorded; where `rules.release` says so. May be
   * called twice, so what is released already is no error.
   * @throws {ProviderError} as getJobStatus
   */
  release?(job: string, signal: AbortSignal, context?: JobContext): Promise<void>;

  /**
   * Reaches the provider for `jobherald check`: resolves with one line of what it found.
   * @throws {ProviderError}
   */
  check(signal: AbortSignal): Promise<string>;

  /** Loads what is slow to load, so that no job waits for it. Called by a worker that polls, never by a gateway. */
  warmUp?(): Promise<void>;

  close(): Promise<void>;
}

/** What every provider is made with, beside its section of the configuration. */
export interface ProviderOptions {
  /** Gets what an operator should see and nobody need act on, such as a state that is not known. */
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** How long one call may take, in ms. Default 10 s, so that a short activity can bound it. */
  readonly deadlineMs?: number;
}

export type ProviderErrorCode =
  | 'invalid_job_name'
  | 'not_found'
  | 'permission_denied'
  | 'unsupported'
  /** The provider answered what nobody can read, and would answer it again. */
  | 'unreadable'
  /** Anything that may pass: network, quota, 5xx. */
  | 'unavailable';

/** Why a provider could not answer. `message` says what to do where there is something to do. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  /** How long it wants not to be asked, in ms; undefined where it did not say. Honoured up to `poll.max`. */
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly code: ProviderErrorCode,
    message: string,
    { retryAfterMs, ...options }: ErrorOptions & { readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** A LIST was refused for a part of its scope, lastingly. Everything else of the scope was listed before it is thrown. */
export class ListError extends ProviderError {
  /** What the names of the jobs begin with that were not listed. */
  readonly notListed: readonly string[];

  constructor(
    code: ProviderErrorCode,
    message: string,
    { notListed, ...options }: ErrorOptions & { readonly notListed: readonly string[] },
  ) {
    super(code, message, options);
    this.notListed = notListed;
  }
}
