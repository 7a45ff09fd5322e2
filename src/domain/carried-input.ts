import { shrunkStatus } from './bounded-status';
import { boundedAttempts, type Delivery } from './delivery';
import { isTerminalEventType } from './event-type';
import type { JobInput, PendingDelivery, RunState } from './job-run';
import { jsonBytes } from './text-size';

/** What a run may hand on to the next one: Temporal takes 2 MiB. */
export const MAX_CARRIED_BYTES = 1024 * 1024;
const MAX_INITIAL_BYTES = 4 * 1024;

/**
 * The input of the run that goes on with a job. What is still to be delivered goes along whatever happens; what is there for readers
 * is shortened, in a fixed order, until all of it fits.
 */
export function carriedInput({ initial, ...rest }: JobInput, state: RunState): JobInput {
  // Whoever starts the job again has a use for it; this run's successor has not.
  const input = initial && jsonBytes(initial) <= MAX_INITIAL_BYTES ? { ...rest, initial } : rest;
  let carried = state;
  for (const shorten of SHORTEN) {
    if (jsonBytes({ ...input, carried }) <= MAX_CARRIED_BYTES) break;
    carried = shorten(carried);
  }
  return { ...input, carried };
}

const SHORTEN: readonly ((state: RunState) => RunState)[] = [
  (state) => withAttempts(state, 1024, 4096),
  (state) => withAttempts(state, 0, 1024),
  (state) => ({ ...state, status: shrunkStatus(state.status, 1) }),
  (state) => ({ ...state, status: shrunkStatus(state.status, 3) }),
  (state) => withAttempts(state, 0, 0),
  withoutWaiting,
];

/** With as many attempts of each settled and each pending delivery as so many bytes hold; how many there were stays. */
function withAttempts(state: RunState, settledBytes: number, pendingBytes: number): RunState {
  const shortenSettled = (delivery: Delivery): Delivery => ({
    ...delivery,
    attempts: boundedAttempts(delivery.attempts, settledBytes),
  });
  const shortenPending = ({ progress, ...planned }: PendingDelivery): PendingDelivery => ({
    ...planned,
    ...(progress && { progress: { ...progress, attempts: boundedAttempts(progress.attempts, pendingBytes) } }),
  });
  return { ...state, settled: state.settled.map(shortenSettled), pending: state.pending.map(shortenPending) };
}

/** Of what an endpoint has not got of a job's course, only what is being tried: the end says the rest. */
function withoutWaiting(state: RunState): RunState {
  const pending = state.pending.filter(
    (planned, i, all) =>
      isTerminalEventType(planned.event) ||
      all.findIndex(({ endpoint, event }) => endpoint === planned.endpoint && !isTerminalEventType(event)) === i,
  );
  const named = new Set(pending.map(({ body }) => body));
  const { settledCounts } = state;
  const overtaken = settledCounts.overtaken + state.pending.length - pending.length;
  return {
    ...state,
    pending,
    bodies: Object.fromEntries(Object.entries(state.bodies).filter(([name]) => named.has(name))),
    settledCounts: { ...settledCounts, overtaken },
  };
}
