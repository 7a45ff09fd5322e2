import {
  type AcceptedCallback,
  type CarriedRun,
  type CompletedBy,
  type JobInput,
  NOT_ASKED_YET,
  type Phase,
  type PlannedDelivery,
} from '../../src/domain/job-run';
import type { JobStatus } from '../../src/domain/job-status';
import type { JobQuestion } from '../../src/domain/status-watch';
import { ASK_THE_PROVIDER, type WatchRules } from '../../src/domain/watch-rules';

/** The state of a run: what its parts share, and what goes along when it continues as new. */
export interface Run {
  readonly input: JobInput;
  readonly rules: WatchRules;
  phase: Phase;
  status: JobStatus;
  /** Null until the provider has said that the job has ended. */
  completedBy: CompletedBy | null;
  /** Sequence of the last event made. */
  sequence: number;
  /** Since when the poll's pace counts, epoch ms. */
  paceSince: number;
  /** When the heartbeat deadline is over, epoch ms. */
  deadline: number | null;
  /** How long the last heartbeat promised to be silent at most, seconds. */
  deadlineSeconds: number | null;
  /** Deadlines missed in a row, where there is nothing to ask. */
  lapses: number;
  /** Silences that were told. */
  stalls: number;
  /** When the job is timed out, epoch ms; null for never. */
  readonly timeoutAt: number | null;
  /** What the callback that named the provider's own identity has said; the first one stays. */
  callback: AcceptedCallback | null;
  /** What the job held at its provider has been given back, or there is nothing to give back. */
  released: boolean;
  /** Keys of the hints that came in, oldest first. */
  readonly seenKeys: Set<string>;
  /** Somebody said "look now", and nobody has looked since. */
  hinted: boolean;
  /** Whether all endpoints were taking one delivery after another when the provider said that the job has ended. */
  endpointsArePrompt: boolean;
  runningTold: boolean;
  cancel: CancelState;
  readonly deliveries: PlannedDelivery[];
}

/** wanted: somebody asked for it, the provider has not been asked yet; the others are the provider's answer. */
export type CancelState = CarriedRun['cancel'];

export function beginRun(input: JobInput): Run {
  const { carried, heartbeat_deadline_seconds, rules = ASK_THE_PROVIDER } = input;
  const now = Date.now();
  if (!carried) {
    const graceSeconds = rules.stalled?.grace_seconds ?? 0;
    return {
      input,
      rules,
      phase: 'waiting',
      status: NOT_ASKED_YET,
      completedBy: null,
      sequence: 0,
      paceSince: now,
      deadline: heartbeat_deadline_seconds ? now + (heartbeat_deadline_seconds + graceSeconds) * 1000 : null,
      deadlineSeconds: heartbeat_deadline_seconds ?? null,
      lapses: 0,
      stalls: 0,
      timeoutAt: rules.timeout_seconds ? now + rules.timeout_seconds * 1000 : null,
      callback: null,
      released: false,
      seenKeys: new Set(),
      hinted: false,
      endpointsArePrompt: false,
      runningTold: false,
      cancel: 'none',
      deliveries: [],
    };
  }
  return {
    input,
    rules,
    phase: carried.completed_by ? 'notifying' : 'waiting',
    status: carried.status,
    completedBy: carried.completed_by,
    sequence: carried.sequence,
    paceSince: carried.pace_since,
    deadline: carried.deadline,
    deadlineSeconds: carried.deadline_seconds ?? null,
    lapses: carried.lapses ?? 0,
    stalls: carried.stalls ?? 0,
    timeoutAt: carried.timeout_at ?? null,
    callback: carried.callback ?? null,
    released: carried.released ?? false,
    seenKeys: new Set(carried.seen_keys),
    hinted: carried.hinted,
    endpointsArePrompt: false,
    runningTold: carried.running_told,
    cancel: carried.cancel,
    deliveries: [...carried.deliveries],
  };
}

/** Whether there is anybody to ask: the provider has a status API and knows which job is meant. */
export function canAsk({ rules, callback }: Run): boolean {
  return rules.truth === 'provider' && (rules.ask_from !== 'identity' || callback !== null);
}

/** The question that every activity about the job's provider begins with. */
export function questionOf({ input, callback }: Run): JobQuestion {
  const { provider, job, origin } = input;
  if (!origin && !callback) return { provider, job };
  return { provider, job, context: { origin: origin ?? null, identity: callback?.identity ?? null } };
}
