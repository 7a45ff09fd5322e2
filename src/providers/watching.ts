import type { JobState } from '../domain/job-state';

/**
 * How a provider's open jobs are watched together, scope by scope: one question about many jobs. A scope is a quota domain:
 * what one LIST covers and one quota holds for. What these questions find decides nothing. A job that looks ended is hinted,
 * and its run asks `getJobStatus`, which alone is believed.
 */
export interface Watching {
  readonly sweep: SweepPace;
  /** The interval of each run's own safety timer, in ms. */
  readonly safetyMs: number;
  /** Which scopes are watched for jobs that nobody submitted. */
  readonly tracked: TrackedScopes;

  /**
   * The one spelling of a scope that somebody names, as in {@link TrackedScopes}; a fault says what it must be instead.
   * Absent: every text is taken as it is.
   */
  readScope?(text: string): { readonly scope: string } | { readonly fault: string };

  /** The scope of a job: `projects/P/locations/L`, a region, a namespace; '' where the provider has one only. */
  scopeOf(job: string): string;
  /** What the names of all jobs in a scope begin with: `projects/P/locations/L/`; '' where names do not show the scope. */
  namePrefix(scope: string): string;
  /**
   * What identifies a job in a LIST, whichever way its project is spelled.
   * @param watchKey the provider's own identity of the job, where its run has learned one (memo `watch_key`)
   * @returns undefined for a job that cannot be watched yet
   */
  keyOf(job: string, watchKey?: string): string | undefined;

  /**
   * Lists the jobs of a scope, page by page; each page is one request, and the next is asked for only when it is pulled.
   * Absent: the provider has no LIST.
   * @throws {ProviderError} `permission_denied` for LIST alone, `unsupported`, `unavailable` …
   */
  list?(request: ListRequest): AsyncGenerator<readonly ListedJob[], void, undefined>;

  /** Asks about several jobs by one request. Absent: there is no such question, and jobs are asked about one by one. */
  readonly batch?: {
    /** Jobs in one request, at most. */
    readonly size: number;
    /** @returns those that the provider knows; a job that is missing is unknown to it */
    ask(scope: string, jobs: readonly string[], signal: AbortSignal): Promise<readonly ListedJob[]>;
  };
}

export interface SweepPace {
  /** From the beginning of one sweep to the next, in ms. Stretched where the budget says so. */
  readonly everyMs: number;
  /** What a scope may cost: list pages, batches, single questions, and hints, each of which leads to a question. */
  readonly budget: { readonly requests: number; readonly perMs: number };
}

export interface TrackedScopes {
  /** As configured under `track.scopes`, canonical, each with what is behind it (`…/batchPredictionJobs`); [] for none. */
  readonly scopes: readonly string[];
  /** How far back jobs are tracked when a scope is watched for the first time, in ms; 0: from now on. */
  readonly sinceMs: number;
}

export interface ListRequest {
  readonly scope: string;
  /** The open jobs that are watched, canonical names: a provider that lists kind by kind lists only theirs. */
  readonly jobs: readonly string[];
  /** Also every job of `tracked` created at this time or later, ended or not; epoch ms. Absent: open jobs only. */
  readonly createdSince?: number;
  /** Of `Watching.tracked.scopes`, those in this scope. */
  readonly tracked: readonly string[];
  /** When the oldest watched job was submitted, epoch ms: a list that cannot be filtered is read back to it, no further. */
  readonly oldest?: number;
  readonly signal: AbortSignal;
}

/** A job as a LIST shows it. */
export interface ListedJob {
  /** See {@link Watching.keyOf}. */
  readonly key: string;
  /** Its name as a submission would give it, canonical where the configuration knows enough. */
  readonly job: string;
  readonly state: JobState;
  /** Its word for the state is not known, and counts as RUNNING. */
  readonly isUnknown?: boolean;
  /** RFC 3339; null where the list does not say. */
  readonly created_at: string | null;
  /** RFC 3339; null while it is open, or where the list does not say. */
  readonly ended_at: string | null;
}
