import type { JsonObject } from './json';
import type { Subscription } from './subscription';
import type { TraceContext } from './trace-context';

/** The names of what a job's run listens to. Anyone may send these with any Temporal SDK. */
export const WORKFLOW_TYPE = 'job';
export const COMPLETION_SIGNAL = 'completion';
/** The sweep's own hint: it has seen the job change. Takes no argument. */
export const LOOK_SIGNAL = 'look';
export const HEARTBEAT_SIGNAL = 'heartbeat';
export const STATUS_REPORT_SIGNAL = 'statusReport';
export const CALLBACK_UPDATE = 'callback';
export const REDELIVER_UPDATE = 'redeliver';
/** Gives a run that was begun by tracking the submission of its job. Sent by `POST /v1/jobs`. */
export const ADOPT_UPDATE = 'adopt';
export const JOB_QUERY = 'job';

/** Argument of the `completion` signal: a hint that the job may have ended. Every member may be absent. */
export interface CompletionMessage {
  readonly idempotency_key?: string;
  readonly state?: string;
  readonly message?: string;
}

/** Argument of the `heartbeat` signal: the job lives, and will say so again within the deadline. */
export interface HeartbeatMessage {
  readonly idempotency_key?: string;
  readonly heartbeat_deadline_seconds: number;
  readonly description?: string;
}

/**
 * Argument of the `statusReport` signal: `data` of a SPEC-001 STATUS. The truth about a job whose provider has no
 * status API, and a bare hint about any other.
 */
export interface StatusReportMessage {
  readonly idempotency_key?: string;
  readonly data: JsonObject;
}

/** Argument of the `callback` update: where the provider's status can be asked, now that it has an identity there. */
export interface CallbackMessage {
  readonly identity: string;
  readonly metadata: JsonObject;
  /** What the message calls the job, for a format that has to repeat it; needed where no message has announced the job. */
  readonly ids?: JsonObject;
}

/**
 * What came of a callback. recorded: what it led to stands in the run's history · no_effect: the job has ended
 * already · rejected: the provider can never say how the job is, so the message is of no use.
 */
export interface CallbackAnswer {
  readonly effect: 'recorded' | 'no_effect' | 'rejected';
  readonly reason?: string;
}

/** Argument of the `adopt` update: a submission, resolved as that of a new run. */
export interface AdoptMessage {
  /** SHA-256 of the submission's canonical JSON. */
  readonly submission_sha256: string;
  readonly idempotency_key: string;
  readonly correlation_id: string | null;
  readonly subscriptions: readonly Subscription[];
  readonly metadata: JsonObject;
  readonly labels: Readonly<Record<string, string>>;
  readonly heartbeat_deadline_seconds?: number;
  readonly overdue_after_seconds?: number;
  /** The submission's; the events that are made from now on belong to it. */
  readonly trace?: TraceContext;
}

/**
 * What came of it. adopted: it is the run's submission from now on · same: it was already · conflict: the run has another
 * one, which stays.
 */
export interface AdoptAnswer {
  readonly effect: 'adopted' | 'same' | 'conflict';
}
