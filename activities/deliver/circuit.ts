import { createBoundedMap } from '../../src/async/bounded-map';

/** So many attempts in a row that reached nobody open the circuit. */
const OPENS_AFTER = 10;
/** How long a dead host is left alone before one attempt probes it. */
const OPEN_MS = 10_000;
/** Endpoints that are kept in mind: inline ones are without number. The one that was missed longest ago gives way. */
const MAX_ENDPOINTS = 1_000;

/**
 * Stops this worker from dialling a host that does not answer at all: a refused connection, a time-out, no address.
 * An endpoint that answers, whatever it answers, is not dead; its deliveries follow their schedule.
 */
export interface Circuit {
  /** 0: go ahead (of many, one at a time while it is open: the probe). Else the ms after which to ask again. */
  waitFor(endpoint: string): number;
  reached(endpoint: string): void;
  /** @returns whether this opened it */
  missed(endpoint: string): boolean;
}

export function createCircuit(now: () => number = () => performance.now()): Circuit {
  const states = createBoundedMap<string, { misses: number; openUntil: number }>(MAX_ENDPOINTS);
  return {
    waitFor(endpoint) {
      const state = states.get(endpoint);
      if (!state || state.misses < OPENS_AFTER) return 0;
      const left = state.openUntil - now();
      if (left > 0) return left;
      state.openUntil = now() + OPEN_MS; // this one probes; the others wait for what it finds
      return 0;
    },
    reached(endpoint) {
      states.delete(endpoint);
    },
    missed(endpoint) {
      const state = states.get(endpoint) ?? { misses: 0, openUntil: 0 };
      state.misses++;
      states.set(endpoint, state);
      if (state.misses >= OPENS_AFTER) state.openUntil = now() + OPEN_MS;
      return state.misses === OPENS_AFTER;
    },
  };
}
