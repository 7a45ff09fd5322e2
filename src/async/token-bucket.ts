import { setTimeout as sleep } from 'node:timers/promises';

/** So many calls in so much time; begins full. */
export interface TokenBucket {
  /** Waits for a token, and takes it. */
  take(signal?: AbortSignal): Promise<void>;
  /** A token that was taken was not needed. */
  refund(): void;
  /** Of what the bucket holds, from 0 to 1. */
  used(): number;
}

/**
 * @param tokens in one period, and at once
 * @param pausedMs for how long nothing is to be taken from now on
 */
export function createTokenBucket(
  { tokens: size, perMs }: { readonly tokens: number; readonly perMs: number },
  pausedMs: () => number = () => 0,
  now: () => number = () => performance.now(),
): TokenBucket {
  let tokens = size;
  let refilledAt = now();
  const refill = () => {
    const time = now();
    tokens = Math.min(size, tokens + ((time - refilledAt) * size) / perMs);
    refilledAt = time;
  };
  return {
    async take(signal) {
      for (;;) {
        signal?.throwIfAborted();
        refill();
        const pause = pausedMs();
        if (pause <= 0 && tokens >= 1) break;
        const untilToken = ((1 - tokens) * perMs) / size;
        await sleep(Math.max(1, Math.ceil(Math.max(pause, untilToken))), undefined, { ...(signal && { signal }) });
      }
      tokens--;
    },
    refund: () => {
      tokens = Math.min(size, tokens + 1);
    },
    used: () => {
      refill();
      return 1 - tokens / size;
    },
  };
}
