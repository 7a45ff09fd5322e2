import {
  type CarriedRun,
  type CompletedBy,
  type JobInput,
  NOT_ASKED_YET,
  type Phase,
  type PlannedDelivery,
} from '../../src/domain/job-run';
import type { JobStatus } from '../../src/domain/job-status';

/** The state of a run: what its parts share, and what goes along when it continues as new. */
export interface Run {
  readonly input: JobInput;
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
  /** Keys of the hints that came in, oldest first. */
  readonly seenKeys: Set<string>;
  /** Somebody said "look now", and nobody has looked since. */
  hinted: boolean;
  runningTold: boolean;
  cancel: CancelState;
  readonly deliveries: PlannedDelivery[];
}

/** wanted: somebody asked for it, the provider has not been asked yet; the others are the provider's answer. */
export type CancelState = CarriedRun['cancel'];

export function beginRun(input: JobInput): Run {
  const { carried, heartbeat_deadline_seconds } = input;
  const now = Date.now();
  if (!carried) {
    return {
      input,
      phase: 'waiting',
      status: NOT_ASKED_YET,
      completedBy: null,
      sequence: 0,
      paceSince: now,
      deadline: heartbeat_deadline_seconds ? now + heartbeat_deadline_seconds * 1000 : null,
      seenKeys: new Set(),
      hinted: false,
      runningTold: false,
      cancel: 'none',
      deliveries: [],
    };
  }
  return {
    input,
    phase: carried.completed_by ? 'notifying' : 'waiting',
    status: carried.status,
    completedBy: carried.completed_by,
    sequence: carried.sequence,
    paceSince: carried.pace_since,
    deadline: carried.deadline,
    seenKeys: new Set(carried.seen_keys),
    hinted: carried.hinted,
    runningTold: carried.running_told,
    cancel: carried.cancel,
    deliveries: [...carried.deliveries],
  };
}
