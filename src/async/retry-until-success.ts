import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_MS = 200;
const LAST_MS = 10_000;

/**
 * Retries until an attempt succeeds, with a delay that doubles from 200 ms to 10 s.
 * @param onFailure called after each failed attempt; throws for an error that is not worth another
 * @throws what `onFailure` throws, and the signal's reason
 */
export async function retryUntilSuccess<T>(
  attempt: () => Promise<T>,
  onFailure: (error: unknown) => void,
  signal: AbortSignal,
): Promise<T> {
  for (let delayMs = FIRST_MS; ; delayMs = Math.min(2 * delayMs, LAST_MS)) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      onFailure(error);
    }
    await sleep(delayMs * (0.5 + Math.random() / 2), undefined, { signal });
  }
}
