import type { JobName } from '../domain/identity';
import type { CallbackAnswer, HeartbeatMessage, PassedEvent, StatusReportMessage } from '../domain/job-messages';
import type { JobStatus } from '../domain/job-status';
import type { JsonObject } from '../domain/json';

/**
 * What a provider's own messages can do, beside the hints and heartbeats that anybody may send. Each call resolves when
 * its effect is safe in Temporal, so that the sender's message can be acknowledged. Methods throw `JobHeraldError`:
 * `unavailable` for what may pass, `job_not_found`, `unprocessable` and `bad_request` for what never will.
 */
export interface ProviderInbox {
  /** Begins to watch a job that a message has announced. `created` is false where it is watched already. */
  track(job: TrackedJob): Promise<{ readonly created: boolean }>;
  /** Takes in what an authenticated message says of a job's status; of an unknown job where the provider tracks those. */
  report(provider: string, job: string, report: StatusReportMessage): Promise<void>;
  /** Takes in a sign of life; of an unknown job where the provider tracks those. */
  beat(provider: string, job: string, heartbeat: HeartbeatMessage): Promise<void>;
  /** Passes on what a provider says of something that is not the job's own state, also when the job has ended. */
  passOn(provider: string, job: string, event: PassedEvent): Promise<void>;
  /**
   * The same for what belongs to no job, told to every configured endpoint that lists it.
   * @param event `workflow_id` is that of the run which tells it: the same again starts nothing
   */
  passOnWithoutJob(provider: string, event: PassedEvent & { readonly workflow_id: string }): Promise<void>;
  /** Takes a callback, and says whether it is done with, or can never be used. */
  callback(provider: string, job: string, callback: Callback): Promise<CallbackAnswer>;
}

/** A job that its provider's own message announces; `providers.<name>.track.endpoints` are told. */
export interface TrackedJob extends JobName {
  readonly correlation_id?: string;
  /** What the message says, in the provider's words and without secrets. */
  readonly origin?: JsonObject;
  /** What is known without asking, and told. */
  readonly initial?: JobStatus;
  /** In place of the provider's own. */
  readonly timeout_seconds?: number;
}

export interface Callback {
  /** The sender's identity for the message: the same again gets the same answer. */
  readonly idempotency_key?: string;
  readonly identity: string;
  readonly metadata: JsonObject;
  /** What the message calls the job, in the provider's words. */
  readonly ids?: JsonObject;
}
