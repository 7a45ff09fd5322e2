/** What clients see of the engine. Its types are published, so nothing here may name a type of Temporal's. */

import type {
  BulkRedelivery,
  BulkRedeliveryRequest,
  Completion,
  EndpointView,
  Heartbeat,
  Job,
  JobList,
  RedeliveryRequest,
  RetryRequest,
  Submission,
} from '../../schemas/types';
import type { StatusReport } from '../providers/api';

/**
 * Everything that can be done with jobs, straight to Temporal or over HTTP: the gateway, the CLI and
 * the library all speak this. Methods throw {@link JobHeraldError}.
 */
export interface Jobs {
  /**
   * Starts the run of a job, or finds the one there is, which takes the submission if it was begun by tracking. `created` is
   * false for the same submission again.
   */
  submit(submission: Submission, options?: SubmitOptions): Promise<{ readonly job: Job; readonly created: boolean }>;
  get(provider: string, job: string, options?: GetOptions): Promise<Job>;
  list(options?: ListOptions): Promise<JobList>;
  /** Hints that a job may have ended. Resolves once the hint is safe in Temporal. */
  complete(provider: string, job: string, completion?: Completion): Promise<void>;
  heartbeat(provider: string, job: string, heartbeat: Heartbeat): Promise<void>;
  /**
   * Reports the status of a job whose provider has no status API: `data` of a SPEC-001 STATUS, which is believed.
   * Of an unknown job where the provider tracks those.
   */
  report(provider: string, job: string, data: StatusReport): Promise<void>;
  cancel(provider: string, job: string): Promise<void>;
  redeliver(provider: string, job: string, request?: RedeliveryRequest): Promise<void>;
  /** Has the job's pending deliveries tried now instead of when they are due. */
  retry(provider: string, job: string, request?: RetryRequest): Promise<void>;
}

/** What can be done with endpoints, configured ones and inline ones. Methods throw {@link JobHeraldError}. */
export interface Endpoints {
  /** The configured ones. */
  list(): Promise<{ readonly endpoints: readonly EndpointView[] }>;
  get(name: string): Promise<EndpointView>;
  /** Holds its deliveries back; they stay pending, and their windows stand still. */
  pause(name: string): Promise<EndpointView>;
  /** Resumes them, and has what is pending tried now, back-off or not; the oldest first. */
  resume(name: string): Promise<EndpointView>;
  /** Sends it one signed event `endpoint.test`. */
  test(name: string): Promise<void>;
}

/**
 * Whose trace the job belongs to, as the W3C headers of these names say it: every attempt to notify somebody is sent with it. Where
 * `traceparent` is absent or invalid the run begins a trace. No part of the submission: the same body with another trace is the
 * same submission, and the first one's stays.
 */
export interface SubmitOptions {
  /** `00-{trace id}-{parent id}-{flags}`. */
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}

export interface GetOptions {
  /** What costs another request: `notices`, how many events of the job were passed on. */
  readonly include?: 'notices' | undefined;
}

export interface ListOptions {
  /** A Temporal visibility query, e.g. `DeliveryState='exhausted'`. */
  readonly query?: string | undefined;
  /** 1 to 1000; default 100. */
  readonly limit?: number | undefined;
  /** Only jobs with a delivery that was given up and that no redelivery has delivered since. A page may then be short. */
  readonly unrepaired?: boolean | undefined;
  /** `next_cursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** Redelivering many jobs at once, straight to Temporal or over HTTP. Methods throw {@link JobHeraldError}. */
export interface Redeliveries {
  /**
   * Begins to make the settled deliveries of many jobs again. Resolves once it is safe in Temporal; it then goes on by
   * itself, over any restart. The same `idempotency_key` again finds the same one.
   */
  start(request: BulkRedeliveryRequest): Promise<BulkRedelivery>;
  /** How far it has come. */
  get(id: string): Promise<BulkRedelivery>;
}
