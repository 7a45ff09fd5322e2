import type { Completion, Heartbeat, Job, JobList, RedeliveryRequest, Submission } from '../../schemas/types';
import type { StatusData } from '../providers/spec-001/status-data';

/**
 * Everything that can be done with jobs, straight to Temporal or over HTTP: the gateway, the CLI and
 * the library all speak this. Methods throw {@link JobHeraldError}.
 */
export interface Jobs {
  /** Starts the run of a job, or finds the one there is. `created` is false for the same submission again. */
  submit(submission: Submission): Promise<{ readonly job: Job; readonly created: boolean }>;
  get(provider: string, job: string): Promise<Job>;
  list(options?: ListOptions): Promise<JobList>;
  /** Hints that a job may have ended. Resolves once the hint is safe in Temporal. */
  complete(provider: string, job: string, completion?: Completion): Promise<void>;
  heartbeat(provider: string, job: string, heartbeat: Heartbeat): Promise<void>;
  /**
   * Reports how a job is whose provider has no status API: `data` of a SPEC-001 STATUS, which is believed.
   * Of an unknown job where the provider tracks those.
   */
  report(provider: string, job: string, data: StatusData): Promise<void>;
  cancel(provider: string, job: string): Promise<void>;
  redeliver(provider: string, job: string, request?: RedeliveryRequest): Promise<void>;
}

export interface ListOptions {
  /** A Temporal visibility query, e.g. `DeliveryState='exhausted'`. */
  readonly query?: string | undefined;
  /** 1 to 1000; default 100. */
  readonly limit?: number | undefined;
  /** `next_cursor` of the page before. */
  readonly cursor?: string | undefined;
}
