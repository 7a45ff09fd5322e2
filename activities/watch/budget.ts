import { setTimeout as sleep } from 'node:timers/promises';

/** What a scope may cost: so many requests in so much time. A token bucket that begins full. */
export interface Budget {
  /** Waits until there is room for one more request. */
  take(signal: AbortSignal): Promise<void>;
  /** A request that was paid for was not made. */
  refund(): void;
  /** Of the budget of one period, from 0 to 1. */
  used(): number;
}

/** @param pausedMs for how long the provider is to be left alone from now on */
export function createBudget(
  { requests, perMs }: { readonly requests: number; readonly perMs: number },
  pausedMs: () => number = () => 0,
  now: () => number = () => performance.now(),
): Budget {
  let tokens = requests;
  let refilledAt = now();
  const refill = () => {
    const time = now();
    tokens = Math.min(requests, tokens + ((time - refilledAt) * requests) / perMs);
    refilledAt = time;
  };
  return {
    async take(signal) {
      for (;;) {
        signal.throwIfAborted();
        refill();
        const pause = pausedMs();
        if (pause <= 0 && tokens >= 1) break;
        const untilToken = ((1 - tokens) * perMs) / requests;
        await sleep(Math.max(1, Math.ceil(Math.max(pause, untilToken))), undefined, { signal });
      }
      tokens--;
    },
    refund: () => {
      tokens = Math.min(requests, tokens + 1);
    },
    used: () => {
      refill();
      return 1 - tokens / requests;
    },
  };
}
