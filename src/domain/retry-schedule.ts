/** When to try again after a failed attempt: `min(max, first × factor^(n-1))`, give up after `for`. */
export interface RetrySchedule {
  readonly firstMs: number;
  readonly factor: number;
  readonly maxMs: number;
  /** The window: how long after the first attempt a delivery is given up. */
  readonly forMs: number;
}

export interface NextDelayInput {
  /** Use the slow half of the schedule, which starts at its geometric middle, √(first·max). */
  readonly slow: boolean;
  /** What the endpoint asked for by `Retry-After`; it replaces the computed delay. */
  readonly retryAfterMs?: number | undefined;
  /** Draws from [0, 1) for the jitter. Injected, because the domain has no randomness of its own. */
  readonly random: () => number;
}

/** A computed delay is spread over ±20 %, so that deliveries that failed together do not come back together. */
const JITTER = 0.2;

/** The shortest wait that `Retry-After` can ask for: `Retry-After: 0` must not become a hot loop. */
const MIN_RETRY_AFTER_MS = 1000;

/**
 * How long to wait after a failed attempt.
 * @param attemptNumber the attempt that failed, counted from 1
 * @returns whole milliseconds; with jitter at most 1.2 × `maxMs`, by `Retry-After` at most `maxMs`
 */
export function nextDelay(schedule: RetrySchedule, attemptNumber: number, input: NextDelayInput): number {
  const { firstMs, factor, maxMs } = schedule;
  if (input.retryAfterMs !== undefined) {
    return Math.min(maxMs, Math.max(input.retryAfterMs, Math.min(firstMs, MIN_RETRY_AFTER_MS)));
  }
  const startMs = input.slow ? Math.max(firstMs, Math.sqrt(firstMs * maxMs)) : firstMs;
  // Kept finite, because 0 × Infinity is no number.
  const growth = Math.min(factor ** (attemptNumber - 1), Number.MAX_VALUE);
  const delayMs = Math.min(maxMs, startMs * growth);
  return Math.round(delayMs * (1 - JITTER + 2 * JITTER * input.random()));
}

/**
 * Whether a delivery is to be given up.
 * @param usedMs how much of the window is used; time while the endpoint is paused does not count
 */
export function isWindowOver(schedule: RetrySchedule, usedMs: number): boolean {
  return usedMs >= schedule.forMs;
}
