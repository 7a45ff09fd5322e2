import type { Attempt, Delivery } from './delivery';
import type { JobStatus } from './job-status';
import type { JsonObject } from './json';
import type { Message } from './message';
import type { Subscription } from './subscription';
import type { WatchRules } from './watch-rules';

/** The argument of the `job` workflow: a submission with every name resolved and every default filled in. */
export interface JobInput {
  readonly provider: string;
  /** Canonical. */
  readonly job: string;
  readonly idempotency_key: string;
  readonly correlation_id: string | null;
  readonly subscriptions: readonly Subscription[];
  readonly heartbeat_deadline_seconds?: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly labels: Readonly<Record<string, string>>;
  /** How the job is watched. Default: its provider is asked. */
  readonly rules?: WatchRules;
  /** What the job's own submission said, in its provider's words. */
  readonly origin?: JsonObject;
  /** What is known from the start and told without asking; may be the end already. */
  readonly initial?: JobStatus;
  /** What the workflow could do when the run was started, see {@link REVISION}. Absent: 0. */
  readonly revision?: number;
  /** What an earlier run of this job hands on when its history grew long. Never given by a submitter. */
  readonly carried?: CarriedRun;
}

/**
 * The workflow's revision. A run keeps to the order of commands that its own had, so that its history can be replayed:
 * what `patched()` does, without the two events that it costs.
 *
 * 1: the end of a job goes to several endpoints by one activity first.
 * 2: a hint that finds the job unfinished leaves the heartbeat deadline alone.
 * 3: an end that endpoints are expected to take at once is shown with its delivery.
 */
export const REVISION = 3;

/** waiting: for a hint, a deadline or the poll · fetching: asking the provider · notifying: telling endpoints · done. */
export type Phase = 'waiting' | 'fetching' | 'notifying' | 'done';

/** Which of the three ways led to the answer that ended the job. */
export type CompletedBy = 'signal' | 'poll' | 'heartbeat';

/** Everything that must survive continue-as-new. */
export interface CarriedRun {
  readonly status: JobStatus;
  /** Set once the job has ended. */
  readonly completed_by: CompletedBy | null;
  /** Sequence of the last event made. */
  readonly sequence: number;
  /** Since when the poll's pace counts, epoch ms. */
  readonly pace_since: number;
  /** When the heartbeat deadline is over, epoch ms. */
  readonly deadline: number | null;
  /** Keys of the last hints, oldest first, at most {@link MAX_REMEMBERED_KEYS}. */
  readonly seen_keys: readonly string[];
  readonly running_told: boolean;
  /** A hint that came in but has not been followed yet. */
  readonly hinted: boolean;
  /** What became of a wish to cancel the job. */
  readonly cancel: 'none' | 'wanted' | 'requested' | 'unsupported' | 'refused';
  readonly deliveries: readonly PlannedDelivery[];
  /** What a callback has said. Absent where none has. */
  readonly callback?: AcceptedCallback;
  /** When the job is timed out, epoch ms. */
  readonly timeout_at?: number;
  /** How long the last heartbeat promised to be silent at most, seconds. */
  readonly deadline_seconds?: number;
  /** Deadlines missed in a row. */
  readonly lapses?: number;
  /** Silences that were told. */
  readonly stalls?: number;
  /** What the job held at its provider has been given back. */
  readonly released?: boolean;
}

/** The callback that named the provider's own identity for the job; the first one stays. */
export interface AcceptedCallback {
  readonly identity: string;
  readonly metadata: JsonObject;
  /** What the callback calls the job. Absent in callbacks of older runs. */
  readonly ids?: JsonObject;
}

export const MAX_REMEMBERED_KEYS = 1000;

/** A delivery as the run keeps it: what to send to whom, and how far that has come. */
export interface PlannedDelivery {
  readonly delivery: Delivery;
  readonly subscription: Subscription;
  /** The exact bytes; dropped once the delivery has ended. */
  readonly message: Message | null;
  readonly progress: DeliveryProgress;
}

/** How far a pending delivery has come: the `deliver` activity's heartbeat details, kept over its retries. */
export interface DeliveryProgress {
  readonly attempts: readonly Attempt[];
  readonly attempt_count: number;
  /** When the retry window began, epoch ms; null before the first attempt. */
  readonly window_began: number | null;
  /** How long the window stood still (a paused endpoint), ms. */
  readonly paused_ms: number;
  /** Since when it has been found paused, epoch ms; null while it is not. */
  readonly paused_since: number | null;
  /** When it first had to wait for a paused endpoint, epoch ms. */
  readonly waiting_since: number | null;
  /** When the next attempt is due, epoch ms, where another activity or run has made the one before. Absent: now. */
  readonly not_before?: number;
}

export const NO_PROGRESS: DeliveryProgress = {
  attempts: [],
  attempt_count: 0,
  window_began: null,
  paused_ms: 0,
  paused_since: null,
  waiting_since: null,
};

/** The result of a run. */
export interface JobResult extends JobStatus {
  readonly completed_by: CompletedBy;
  readonly deliveries: readonly Delivery[];
}

/** The run's memo: what a reader needs without asking a worker. */
export interface JobMemo {
  readonly idempotency_key: string;
  readonly correlation_id: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /** SHA-256 of the submission's canonical JSON, to tell "the same again" from a conflict. */
  readonly submission_sha256: string;
  /** What the job's messages have said last, where they are the truth and no pending activity shows it. */
  readonly status?: JobStatus;
  /** Set when the job has ended and its endpoints are being told. */
  readonly ended?: EndedMemo;
}

export interface EndedMemo {
  readonly status: JobStatus;
  readonly completed_by: CompletedBy;
  /** As they were then, without their attempts. */
  readonly deliveries: readonly Delivery[];
}

/** What a run knows before its provider has been asked. */
export const NOT_ASKED_YET: JobStatus = {
  state: 'PENDING',
  provider_state: '',
  reason: null,
  message: null,
  error: null,
  artifacts: [],
  progress: null,
  started_at: null,
  ended_at: null,
};
