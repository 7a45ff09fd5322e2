import type { EndpointConfig } from '../../src/config/config';

/** Leave to make one attempt, or the time after which to ask again. */
export type Pass =
  | { readonly granted: true; readonly leave: () => void }
  | { readonly granted: false; readonly retryInMs: number; readonly leave: () => void };

/** How soon a delivery that found its endpoint's slots taken asks again, and how late at most. */
const BUSY_RETRY_MS = { min: 100, max: 10_000 } as const;
/** How much of what is believed of an attempt's time the last one decides. */
const NEWEST = 0.2;

/** What one endpoint has to do on this worker. */
interface Load {
  /** The attempts under way, oldest first. */
  readonly underWay: Set<{ readonly since: number }>;
  /** How long an attempt takes, ms, of late. */
  attemptMs: number;
  /** From when on the rate allows another attempt. */
  nextSlotAt: number;
  /** When the delivery that was turned away last asks again. */
  lastAskAt: number;
}

/**
 * Bounds how much of this worker one endpoint can take: so many attempts at once, so many a second.
 * A full bulkhead gives its activity slot back instead of holding it, so a hanging endpoint hurts nobody else.
 * Those it turns away ask again one after another, as fast as slots become free: a thousand that wait for an endpoint
 * that hangs must not ask a thousand times a second.
 */
export function createLimits(now: () => number = () => performance.now()) {
  const loads = new Map<string, Load>();
  const loadOf = (name: string): Load => {
    const known = loads.get(name);
    if (known) return known;
    const load: Load = { underWay: new Set(), attemptMs: 0, nextSlotAt: 0, lastAskAt: 0 };
    loads.set(name, load);
    return load;
  };

  const enter = ({ name, limits: { concurrency, perSecond } }: EndpointConfig): Pass => {
    const load = loadOf(name);
    if (concurrency > 0 && load.underWay.size >= concurrency) return refused(askAgainIn(load, concurrency, now()));
    if (perSecond > 0) {
      if (load.nextSlotAt > now()) return refused(load.nextSlotAt - now());
      load.nextSlotAt = now() + 1000 / perSecond;
    }
    const attempt = { since: now() };
    load.underWay.add(attempt);
    return {
      granted: true,
      leave: () => {
        load.underWay.delete(attempt);
        load.attemptMs += NEWEST * (now() - attempt.since - load.attemptMs);
        const isIdle = load.underWay.size === 0 && Math.max(load.lastAskAt, load.nextSlotAt) <= now();
        if (isIdle && loads.get(name) === load) loads.delete(name); // endpoints given inline are without number
      },
    };
  };

  return { enter };
}

/** The next free place in the queue of those that ask again: a slot becomes free each attempt's time ÷ slots. */
function askAgainIn(load: Load, concurrency: number, now: number): number {
  const [oldest] = load.underWay;
  // An endpoint that begins to hang is known by its attempts under way, long before the first of them is over.
  const attemptMs = Math.max(load.attemptMs, oldest ? now - oldest.since : 0);
  const { min, max } = BUSY_RETRY_MS;
  load.lastAskAt = Math.min(Math.max(load.lastAskAt, now) + attemptMs / concurrency, now + max);
  return Math.max(min, load.lastAskAt - now);
}

function refused(retryInMs: number): Pass {
  return { granted: false, retryInMs, leave: () => undefined };
}
