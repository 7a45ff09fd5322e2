import type { EndpointConfig } from '../../src/config/config';

/** Leave to make one attempt, or the time after which to ask again. */
export type Pass =
  | { readonly granted: true; readonly leave: () => void }
  | { readonly granted: false; readonly retryInMs: number; readonly leave: () => void };

/** How soon a delivery that found its endpoint's slots taken asks again. */
const BUSY_RETRY_MS = 500;

/**
 * Bounds how much of this worker one endpoint can take: so many attempts at once, so many a second.
 * A full bulkhead gives its activity slot back instead of holding it, so a hanging endpoint hurts nobody else.
 */
export function createLimits(now: () => number = () => performance.now()) {
  const underWay = new Map<string, number>();
  const nextSlotAt = new Map<string, number>();

  const enter = ({ name, limits: { concurrency, perSecond } }: EndpointConfig): Pass => {
    const busy = underWay.get(name) ?? 0;
    if (concurrency > 0 && busy >= concurrency) return refused(BUSY_RETRY_MS);
    if (perSecond > 0) {
      const at = nextSlotAt.get(name) ?? 0;
      if (at > now()) return refused(at - now());
      nextSlotAt.set(name, Math.max(at, now()) + 1000 / perSecond);
    }
    underWay.set(name, busy + 1);
    return {
      granted: true,
      leave: () => {
        const left = (underWay.get(name) ?? 1) - 1;
        if (left > 0) underWay.set(name, left);
        else underWay.delete(name);
      },
    };
  };

  return { enter };
}

function refused(retryInMs: number): Pass {
  return { granted: false, retryInMs, leave: () => undefined };
}
