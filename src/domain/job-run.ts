import type { Delivery, DeliveryProgress, SettledCounts } from './delivery';
import type { EventType } from './event-type';
import type { Unreadable } from './job-question';
import type { JobStatus } from './job-status';
import type { JsonObject } from './json';
import type { Message } from './message';
import type { Subscription } from './subscription';
import type { TraceContext } from './trace-context';
import type { WatchRules } from './watch-rules';

/** More than that cannot be notified by one run within the bounds of Temporal. */
export const MAX_ENDPOINTS = 100;
/** What a run is started with, `initial` and `trace` apart, goes along for as long as it lives. */
export const MAX_INPUT_BYTES = 128 * 1024;

/** The argument of the `job` workflow: a submission with every name resolved and every default filled in. */
export interface JobInput {
  readonly provider: string;
  /** Canonical. */
  readonly job: string;
  readonly idempotency_key: string;
  readonly correlation_id: string | null;
  readonly subscriptions: readonly Subscription[];
  readonly heartbeat_deadline_seconds?: number;
  /** Seconds after its submission when an open job is overdue. Absent: never. */
  readonly overdue_after_seconds?: number;
  readonly metadata: JsonObject;
  readonly labels: Readonly<Record<string, string>>;
  /** Whose trace the run belongs to. Default: it begins its own. */
  readonly trace?: TraceContext;
  /** How the job is watched. Default: its provider is asked. */
  readonly rules?: WatchRules;
  /** The run was begun by a message or a sweep, and nobody has submitted its job yet. */
  readonly tracked?: true;
  /** What the job's own submission said, in its provider's words. */
  readonly origin?: JsonObject;
  /** What is known from the start without asking; may be the end already. */
  readonly initial?: JobStatus;
  /** What an earlier run of this job hands on when its history grew long. Never given by a submitter. */
  readonly carried?: RunState;
}

/**
 * What led to the answer that ended the job. poll: the first look, a sweep, a question to it alone, or the safety timer.
 */
export type CompletedBy = 'signal' | 'poll' | 'heartbeat';

/**
 * Where a run stands. waiting: for a hint, a sweep or a deadline · fetching: asking the provider · notifying: the job has
 * ended, its endpoints are being notified · done.
 */
export type Phase =
  | { readonly kind: 'waiting' | 'fetching' }
  | { readonly kind: 'notifying' | 'done'; readonly completedBy: CompletedBy };

/** Everything a run knows that is not in its input: what its parts share, and what continue-as-new carries over as it is. */
export interface RunState {
  phase: Phase;
  status: JobStatus;
  /** Sequence of the last event made. */
  sequence: number;
  /** What asked for a look at the job, and nobody has looked since: the first look, a hint, a sweep, the safety timer. */
  question: 'signal' | 'poll' | null;
  /** When the provider was last asked after the first look, epoch ms, 0 for never since; null before the first look. */
  askedAt: number | null;
  /** Since when the provider has not known the job, epoch ms; null where it does. */
  notFoundSince: number | null;
  /** The provider's answers that nobody could read, since the last that could be read; null for none. */
  unreadable: Unreadable | null;
  /** When the run asks by itself, should nobody else look, epoch ms. */
  safetyAt: number;
  /** What the job promised by its last heartbeat, or at submission; null for nothing. */
  heartbeat: HeartbeatPromise | null;
  /** How many `job.stalled` events were made. */
  stalls: number;
  /** When the job is overdue, epoch ms; null for never. Stays when it is. */
  overdueAt: number | null;
  /** Whether `job.overdue` was made. */
  overdueNotified: boolean;
  /** When the job is timed out, epoch ms; null for never. */
  readonly timeoutAt: number | null;
  /** The callback that named the provider's own identity; the first one stays. */
  callback: AcceptedCallback | null;
  cancellation: Cancellation;
  /** Whether the job may still hold something at its provider that this run has to give back. */
  holdsResources: boolean;
  /** Whether `job.running` was made. */
  runningNotified: boolean;
  /** What was published of the events that a job has once: an endpoint that is added later gets the same event. */
  published: Partial<Record<EventType, PublishedEvent>>;
  /** SHA-256 of the submission that a run begun by tracking has adopted; null for none. */
  adopted: string | null;
  /** Hashes of the keys of the last messages, oldest first, at most {@link MAX_REMEMBERED_KEYS}. */
  seenKeys: string[];
  /** The bytes of what is still to be delivered, each once however many endpoints get them; see {@link PendingDelivery}. */
  bodies: Record<string, Message>;
  /** How many bodies there have been: the next one's name. */
  bodyCount: number;
  /** What is still to be delivered, oldest first. */
  pending: PendingDelivery[];
  /** The last of those that are settled, in the order in which they were: at most {@link MAX_SETTLED}. */
  settled: Delivery[];
  settledCounts: RunCounts;
}

/** How many deliveries are settled. `gone` is without those that were overtaken, which no endpoint has refused. */
export type RunCounts = SettledCounts & { readonly overtaken: number };

export const NOTHING_SETTLED: RunCounts = { delivered: 0, gone: 0, exhausted: 0, overtaken: 0 };

/** As readers see them. */
export function shownCounts({ delivered, gone, exhausted, overtaken }: RunCounts): SettledCounts {
  return { delivered, gone: gone + overtaken, exhausted };
}

/** What identifies an event that was published. */
export interface PublishedEvent {
  readonly id: string;
  readonly sequence: number;
  /** When it was made, epoch ms. */
  readonly at: number;
}

/** The job says that it lives, and will say so again. */
export interface HeartbeatPromise {
  /** How long it promised to be silent at most, seconds. */
  readonly withinSeconds: number;
  /** When that is over, epoch ms; null once it is missed, until the next heartbeat. */
  readonly dueAt: number | null;
  /** Deadlines missed in a row, where there is nothing to ask. */
  readonly missed: number;
}

/** The callback that named the provider's own identity for the job. */
export interface AcceptedCallback {
  readonly identity: string;
  readonly metadata: JsonObject;
  /** What the callback calls the job. Absent where a message has announced the job. */
  readonly ids?: JsonObject;
}

/** requested_here: somebody asked for it, the provider has not been asked yet; the last three are the provider's answer. */
export type Cancellation = 'none' | 'requested_here' | 'requested' | 'unsupported' | 'refused';

export const MAX_REMEMBERED_KEYS = 1000;

/** What is still to be sent to whom, and how far that has come. Its bytes and its subscription stand once in the run. */
export interface PendingDelivery {
  readonly event: EventType;
  readonly endpoint: string;
  /** Name of its bytes in {@link RunState.bodies}. */
  readonly body: string;
  /** Absent before the first attempt. */
  readonly progress?: DeliveryProgress;
}

/** The result of a run. */
export interface JobResult extends JobStatus {
  readonly completed_by: CompletedBy;
  readonly deliveries: readonly Delivery[];
  readonly deliveries_settled: SettledCounts;
}

/** The run's memo: what a reader needs without asking a worker. */
export interface JobMemo {
  readonly idempotency_key: string;
  readonly correlation_id: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /** SHA-256 of the submission's canonical JSON, to distinguish a resubmission from a conflict. */
  readonly submission_sha256: string;
  /** What the job's messages have said last, where they are the truth. */
  readonly status?: JobStatus;
  /** See JobInput; absent as soon as the job is submitted. */
  readonly tracked?: true;
  /** The provider's own identity of the job in its LIST, where that is not its name. */
  readonly watch_key?: string;
  /** Absent where there is nothing of the kind. */
  readonly unscheduled?: UnscheduledMemo;
  /** Set once the job has ended. */
  readonly ended?: EndedMemo;
}

/** The deliveries of a run that its history does not show: no activity makes them yet, or none has said what became of them. */
export interface UnscheduledMemo {
  /** Those that wait for another one, and the last of those that were overtaken. */
  readonly deliveries: readonly Delivery[];
  /** How many were overtaken in this run of the job. */
  readonly overtaken: number;
}

export interface EndedMemo {
  readonly status: JobStatus;
  readonly completed_by: CompletedBy;
  /** The terminal event, for an endpoint that is added later; absent where nobody was subscribed to it. */
  readonly event?: PublishedEvent;
  /** As they were then, without their attempts: all that are pending, and the last that are settled. */
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
