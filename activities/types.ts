import type { DeliveryProgress } from '../src/domain/delivery';
import type { DeliveryRequest, DeliveryResult, FirstAttempts, FirstResults } from '../src/domain/delivery-request';
import type { EndpointRetryInput } from '../src/domain/endpoint-pause';
import type { JobQuestion, PersistentQuestion } from '../src/domain/job-question';
import type { JobStatus } from '../src/domain/job-status';
import type { BulkSelection } from '../src/domain/redelivery';
import type { RetryUnderWayInput, UnderWay } from '../src/domain/retry-now';
import type { WatchOrder, WatchReport } from '../src/domain/scope-watch';

/** What the workflows may ask of the world. Types only: the workflow bundle never sees the implementations. */
export interface Activities {
  /** Asks the provider once, at once. A local activity: it holds the workflow task, so it is bounded to a second. */
  getJobStatusNow(question: JobQuestion): Promise<JobStatus>;
  /**
   * Asks the provider until it answers. Each attempt without an answer fails with the time of the next one, so an outage of
   * days adds no history event.
   */
  getJobStatus(question: PersistentQuestion): Promise<JobStatus>;
  /** Asks once for a callback; retried for a while where the provider may recover. */
  getJobStatusOnce(question: JobQuestion): Promise<JobStatus>;
  /** Sweeps the open jobs of a scope, again and again, for most of an hour. */
  watchScope(order: WatchOrder): Promise<WatchReport>;
  /** Keeps the watches of all scopes running, for most of an hour. */
  takeCare(): Promise<void>;
  /** Asks the provider to cancel the job. */
  cancelJob(question: JobQuestion): Promise<CancelAnswer>;
  /** Gives back what the job holds at its provider. */
  releaseResources(question: JobQuestion): Promise<void>;
  /** Sends one message to one endpoint until the endpoint takes it, refuses it, or the retry window is over. */
  deliver(request: DeliveryRequest): Promise<DeliveryResult>;
  /** Sends one event to several endpoints, once each; says who has taken it and who is to be tried again. */
  deliverFirst(batch: FirstAttempts): Promise<FirstResults>;
  /** Reads how far the run's own pending deliveries have come, before the run continues as new. */
  readPendingDeliveries(): Promise<Readonly<Record<string, DeliveryProgress>>>;
  /** Has what is pending for an endpoint, in whatever run, tried now. */
  retryPending(wish: EndpointRetryInput): Promise<RetriedPending>;
  /** Has tried again what was under way, where that comes to nothing; how many deliveries. */
  retryUnderWay(wish: RetryUnderWayInput): Promise<number>;
  /** Sends the settled deliveries of the run's own job again. */
  redeliverOwn(wish: RedeliverOwn): Promise<void>;
  /** One page of the jobs that a bulk redelivery is about. */
  findJobRuns(page: JobRunPage): Promise<FoundJobRuns>;
  /** Sends the settled deliveries of some jobs again, each job's by a run of its own. */
  redeliverRuns(batch: RedeliveryBatch): Promise<RedeliveredBatch>;
}

export interface RetriedPending {
  /** How many deliveries that were not due are tried. */
  readonly woken: number;
  readonly under_way: readonly UnderWay[];
}

export interface RedeliverOwn {
  /** Nothing in it: everything that is settled. */
  readonly request: { readonly endpoint?: string; readonly event?: string };
  /** Of the update that asks for it, whatever Temporal calls it. */
  readonly update_id: string;
}

/** The last run of a job, open or retained. */
export interface JobRun {
  readonly workflow_id: string;
  readonly run_id: string;
}

export interface JobRunPage {
  readonly selection: BulkSelection;
  /** `next_page_token` of the page before; null for the first. */
  readonly page_token: string | null;
  readonly page_size: number;
}

export interface FoundJobRuns {
  readonly runs: readonly JobRun[];
  /** null on the last page. */
  readonly next_page_token: string | null;
}

export interface RedeliveryBatch {
  readonly bulk_id: string;
  readonly selection: BulkSelection;
  /** Looks at everything and starts nothing. */
  readonly dry_run: boolean;
  readonly runs: readonly JobRun[];
}

/** What came of a batch, in jobs. */
export interface RedeliveredBatch {
  readonly redelivered: number;
  readonly skipped: number;
  readonly failed: number;
  /** How many deliveries are made again, over all of them. */
  readonly deliveries: number;
  readonly last_error: string | null;
}

/** requested: the provider will try · unsupported: it cannot · refused: it does not let us, or failed to answer. */
export interface CancelAnswer {
  readonly kind: 'requested' | 'unsupported' | 'refused';
  readonly message?: string;
}
