import { setTimeout as sleep } from 'node:timers/promises';

export interface HoldOptions {
  /** Aborted when there is no sense in holding it any longer. */
  readonly stop: AbortSignal;
  /** Called with the first failure. */
  readonly onHeld: (error: unknown) => void;
  /** Default {@link HELD_FOR_MS}. */
  readonly heldForMs?: number | undefined;
}

const SECOND = 1_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5 * SECOND;

/**
 * A message is in hand for no longer than this: RabbitMQ closes the channel of a consumer that keeps one unacknowledged
 * for `consumer_timeout`, 30 minutes by default and 15 in some older releases.
 */
export const HELD_FOR_MS = 10 * 60 * SECOND;

/**
 * Does something until it neither fails nor says `wait`, and resolves with what it came to; `given_up` when the message has been
 * held for long enough, or when it is to stop.
 */
export async function holding<T>(
  attempt: () => Promise<T | 'wait'>,
  { stop, onHeld, heldForMs = HELD_FOR_MS }: HoldOptions,
): Promise<T | 'given_up'> {
  const until = performance.now() + heldForMs;
  let reported = false;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      const came = await attempt();
      if (came !== 'wait') return came;
    } catch (error) {
      if (!reported) onHeld(error);
      reported = true;
    }
    if (stop.aborted || performance.now() + pauseMs > until) return 'given_up';
    try {
      await sleep(pauseMs, undefined, { signal: stop });
    } catch {
      return 'given_up'; // stopped while it waited
    }
  }
}
