import { createBoundedMap } from '../../src/async/bounded-map';
import { unlessAborted } from '../../src/async/unless-aborted';
import type { DeliveryProgress } from '../../src/domain/delivery';
import type { EndpointState } from '../../src/domain/endpoint-pause';
import { BELIEVED_ACTIVE_FOR_MS, LOOK_AGAIN_MS } from '../../src/domain/endpoint-pause';
import type { EndpointPauses } from '../../src/engine';
import { createResumedOrder } from './resumed-order';

/** How long a worker believes that an endpoint is paused: who resumes it has its deliveries looked at again after this time. */
export const PAUSE_BELIEVED_FOR_MS = 500;
/** Endpoints whose state is remembered: inline ones are without number. */
const MAX_ENDPOINTS = 1_000;

/** So often in a row an answer may come too late to be believed; a Temporal that is so slow stops no delivery. */
const MAX_READS = 3;

interface Reading {
  /** When it was asked for, of a monotonic clock: the answer may be as old as that. */
  readonly at: number;
  readonly state: Promise<EndpointState>;
}

/** Temporal does not say. */
const UNKNOWN: EndpointState = { state: 'active' };

export type Gate =
  | { readonly open: true; readonly progress: DeliveryProgress }
  /** Not now: because of `why`, look again in `retryInMs`. */
  | { readonly open: false; readonly progress: DeliveryProgress; readonly why: string; readonly retryInMs: number };

export interface PauseGate {
  /** @param signal ends the wait for its turn: of a thousand deliveries the last waits for ten seconds */
  check(endpoint: string, progress: DeliveryProgress, now: number, signal: AbortSignal): Promise<Gate>;
  /** Forgets what it has read: this worker has just paused the endpoint. */
  forget(endpoint: string): void;
}

/** Holds deliveries back while their endpoint is paused, and lets them go on after it is resumed, the oldest first. */
export function createPauseGate(pauses: Pick<EndpointPauses, 'stateOf'>): PauseGate {
  const read = createBoundedMap<string, Reading>(MAX_ENDPOINTS);

  const takeTurn = createResumedOrder();

  const latest = async (endpoint: string): Promise<Reading> => {
    const known = read.get(endpoint);
    if (known) {
      const age = performance.now() - known.at;
      if (age < PAUSE_BELIEVED_FOR_MS) return known;
      if (age < BELIEVED_ACTIVE_FOR_MS && (await known.state).state === 'active') return known;
      const newer = read.get(endpoint);
      if (newer && newer !== known) return newer; // another delivery has just asked
    }
    // Where Temporal does not say, a webhook too many is the lesser evil.
    const reading = { at: performance.now(), state: pauses.stateOf(endpoint).catch(() => UNKNOWN) };
    read.set(endpoint, reading);
    return reading;
  };

  const stateOf = async (endpoint: string): Promise<EndpointState> => {
    for (let reads = 1; ; reads++) {
      const { at, state } = await latest(endpoint);
      const found = await state;
      // Where it took long to say so, a pause that came meanwhile may have been answered.
      const isBelieved = found.state === 'paused' || performance.now() - at < BELIEVED_ACTIVE_FOR_MS;
      if (isBelieved || found === UNKNOWN || reads === MAX_READS) return found;
    }
  };

  return {
    async check(endpoint, before, now, signal) {
      const state = await stateOf(endpoint);
      if (state.state === 'paused') {
        const progress = {
          ...before,
          paused_since: before.paused_since ?? now,
          waiting_since: before.waiting_since ?? now,
        };
        return { open: false, progress, why: `${endpoint} is paused: ${state.reason}`, retryInMs: LOOK_AGAIN_MS };
      }
      if (before.paused_since === null) return { open: true, progress: before };

      try {
        await unlessAborted(takeTurn(endpoint, before.waiting_since ?? before.paused_since), signal);
      } catch {
        return { open: false, progress: before, why: 'its worker stopped before it was its turn', retryInMs: 1 };
      }
      const resumedAt = state.resumedAt ?? now;
      const progress = {
        ...before,
        paused_ms: before.paused_ms + Math.max(0, resumedAt - before.paused_since),
        paused_since: null,
      };
      return { open: true, progress };
    },
    forget: (endpoint) => {
      read.delete(endpoint);
    },
  };
}
