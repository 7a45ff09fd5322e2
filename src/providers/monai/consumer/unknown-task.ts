/** How long a message about an unknown task waits for dispatches that are not through yet. */
const PATIENCE_MS = 60_000;
/** Even where none is known of: one may be on its way between two looks. */
const GRACE_MS = 1_000;
/** Where others consume dispatches, too: nobody can see those that they have in hand. */
const OTHERS_GRACE_MS = 15_000;

export interface WaitingDispatches {
  /** In the queue, or in hand of this consumer. */
  readonly count: number;
  readonly hasOtherConsumers: boolean;
}

/**
 * Whether a message about a task that nobody knows may still wait: after an outage the queues are read side by side, and a
 * callback may be reached before the dispatch that was published long before it. To be called after each try that found none:
 * it gives up only after one that began when no dispatch was waiting any more, since the try before may be older than the last dispatch.
 */
export function createUnknownTaskPatience(
  look: () => Promise<WaitingDispatches>,
  now: () => number = () => performance.now(),
): () => Promise<boolean> {
  let since: number | undefined;
  let sawNone = false;
  return async () => {
    since ??= now();
    const waited = now() - since;
    if (waited >= PATIENCE_MS) return false;
    const { count, hasOtherConsumers } = await look();
    const isThrough = sawNone && count === 0 && waited >= (hasOtherConsumers ? OTHERS_GRACE_MS : GRACE_MS);
    sawNone = count === 0;
    return !isThrough;
  };
}
