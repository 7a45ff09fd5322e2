import type { CancellationScope } from '@temporalio/workflow';
import type { Delivery } from '../../src/domain/delivery';
import type { JobQuestion } from '../../src/domain/job-question';
import {
  type CompletedBy,
  type HeartbeatPromise,
  type JobInput,
  NOT_ASKED_YET,
  NOTHING_SETTLED,
  type RunState,
} from '../../src/domain/job-run';
import type { JobStatus } from '../../src/domain/job-status';
import { ASK_THE_PROVIDER, type WatchRules } from '../../src/domain/watch-rules';

/** A run: what it was started with, what it knows, and what has just happened to it. */
export interface Run {
  /** Changed once at most: when a run begun by tracking adopts the submission of its job. */
  input: JobInput;
  readonly rules: WatchRules;
  /** Carried over continue-as-new. */
  readonly state: RunState;
  /** The question that the provider did not answer at once, as long as it is under way. */
  persistent: PersistentQuestion | null;
  /** What that question was answered. */
  answer: Answered | null;
  /** A heartbeat deadline has passed, and nobody has acted on it yet. */
  missedDeadline: boolean;
  /** The time has come at which an open job is overdue, and it has not been published. */
  overdue: boolean;
  /** The job has taken longer than its rules allow. */
  timedOut: boolean;
  /** The provider is being asked to cancel the job. */
  isCanceling: boolean;
  /** What came of the cancellation is still to be asked for. */
  asksAfterCancellation: boolean;
  /** Whether the activity that gives back what the job holds has been started. */
  release: 'idle' | 'under_way';
  /** What each of the undelivered bodies takes in a payload. */
  readonly bodyBytes: Map<string, number>;
  /** The deliveries that were overtaken in this run of the job, which its history does not show. */
  overtaken: { readonly count: number; readonly last: readonly Delivery[] };
  /** What readers and operators have been shown last, so that nothing is shown twice. */
  readonly shown: { unscheduled?: string; deliveryState?: string };
}

/** A question that the provider did not answer at once. */
export interface PersistentQuestion {
  readonly by: CompletedBy;
  readonly since: number;
  readonly scope: CancellationScope;
}

export interface Answered {
  readonly status: JobStatus;
  readonly by: CompletedBy;
}

export function beginRun(input: JobInput): Run {
  const { rules = ASK_THE_PROVIDER, carried } = input;
  // A copy, because the input has to stay what it was.
  const state = carried
    ? {
        ...carried,
        published: { ...carried.published },
        seenKeys: [...carried.seenKeys],
        bodies: { ...carried.bodies },
        pending: [...carried.pending],
        settled: [...carried.settled],
      }
    : null;
  return {
    input,
    rules,
    state: state ?? newState(input, rules),
    persistent: null,
    answer: null,
    missedDeadline: false,
    overdue: false,
    timedOut: false,
    isCanceling: false,
    asksAfterCancellation: false,
    release: 'idle',
    bodyBytes: new Map(),
    overtaken: { count: 0, last: [] },
    shown: {},
  };
}

function newState({ heartbeat_deadline_seconds, overdue_after_seconds }: JobInput, rules: WatchRules): RunState {
  const now = Date.now();
  return {
    phase: { kind: 'waiting' },
    status: NOT_ASKED_YET,
    sequence: 0,
    question: 'poll',
    askedAt: null,
    notFoundSince: null,
    unreadable: null,
    safetyAt: nextSafetyTime(rules),
    heartbeat: heartbeat_deadline_seconds ? promiseHeartbeat(rules, heartbeat_deadline_seconds) : null,
    stalls: 0,
    overdueAt: overdue_after_seconds === undefined ? null : now + overdue_after_seconds * 1000,
    overdueNotified: false,
    timeoutAt: rules.timeout_seconds ? now + rules.timeout_seconds * 1000 : null,
    callback: null,
    cancellation: 'none',
    holdsResources: rules.release ?? false,
    runningNotified: false,
    published: {},
    adopted: null,
    seenKeys: [],
    bodies: {},
    bodyCount: 0,
    pending: [],
    settled: [],
    settledCounts: NOTHING_SETTLED,
  };
}

/** A heartbeat has come, and the next is due within so many seconds. */
export function promiseHeartbeat({ stalled }: WatchRules, withinSeconds: number): HeartbeatPromise {
  const dueAt = Date.now() + (withinSeconds + (stalled?.grace_seconds ?? 0)) * 1000;
  return { withinSeconds, dueAt, missed: 0 };
}

/** Whether the end of the job is not known yet. */
export function isOpen({ state: { phase } }: Run): boolean {
  return phase.kind === 'waiting' || phase.kind === 'fetching';
}

/** Whether there is anybody to ask: the provider has a status API and knows which job is meant. */
export function canAsk({ rules, state }: Run): boolean {
  return rules.truth === 'provider' && (rules.ask_from !== 'identity' || state.callback !== null);
}

/** The question that every activity about the job's provider begins with. */
export function questionOf({ input, state: { callback } }: Run): JobQuestion {
  const { provider, job, origin, trace } = input;
  const about = { provider, job, ...(trace && { trace }) };
  if (!origin && !callback) return about;
  return { ...about, context: { origin: origin ?? null, identity: callback?.identity ?? null } };
}

const DEFAULT_SAFETY_SECONDS = 6 * 3600;
const JITTER = 0.2;

/** Spread over ±20 %, so that runs that were started together do not ask together. */
export function nextSafetyTime({ safety_seconds = DEFAULT_SAFETY_SECONDS }: WatchRules): number {
  return Date.now() + Math.round(safety_seconds * 1000 * (1 - JITTER + 2 * JITTER * Math.random()));
}
