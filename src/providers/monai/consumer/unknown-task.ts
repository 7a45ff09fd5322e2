/** How long a message about an unknown task waits for dispatches that are not through yet. */
const PATIENCE_MS = 60_000;
/** Even where none is known of: one may be on its way between two counts. */
const GRACE_MS = 1_000;

/**
 * Whether a message about a task that nobody knows may still wait: after an outage the queues are read side by side, and a
 * callback may be reached before the dispatch that was published long before it.
 * @param dispatchesWaiting how many are in the queue or in hand
 */
export function createUnknownTaskPatience(
  dispatchesWaiting: () => Promise<number>,
  now: () => number = () => performance.now(),
): () => Promise<boolean> {
  const since = now();
  return async () => {
    const waited = now() - since;
    if (waited < GRACE_MS) return true;
    return waited < PATIENCE_MS && (await dispatchesWaiting()) > 0;
  };
}
