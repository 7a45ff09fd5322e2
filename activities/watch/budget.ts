import { setTimeout as sleep } from 'node:timers/promises';

/** What a scope may cost: so many requests in so much time. A token bucket that begins full. */
export interface Budget {
  /** Waits until there is room for one more request. */
  take(signal: AbortSignal): Promise<void>;
  /** A request that was paid for was not made. */
  refund(): void;
  /** Leaves the provider alone for a while, because it said so. */
  pause(ms: number): void;
  /** Of the budget of one period, from 0 to 1. */
  used(): number;
}

export function createBudget(
  { requests, perMs }: { readonly requests: number; readonly perMs: number },
  now: () => number = () => performance.now(),
): Budget {
  let tokens = requests;
  let refilledAt = now();
  let pausedUntil = 0;
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
        const pause = pausedUntil - now();
        if (pause <= 0 && tokens >= 1) break;
        const untilToken = ((1 - tokens) * perMs) / requests;
        await sleep(Math.max(1, Math.ceil(Math.max(pause, untilToken))), undefined, { signal });
      }
      tokens--;
    },
    refund: () => {
      tokens = Math.min(requests, tokens + 1);
    },
    pause: (ms) => {
      pausedUntil = Math.max(pausedUntil, now() + ms);
    },
    used: () => {
      refill();
      return 1 - tokens / requests;
    },
  };
}
