import { FORGET_AFTER, type NoContext, positiveDuration, type RetentionOptions, type Store } from '../store';

/**
 * Remembers in this process only: for tests, and for effects that may happen again after a restart.
 * @throws {DurationError}
 * @throws {TypeError} for a duration of 0
 */
export function memoryStore({ forgetAfter = FORGET_AFTER }: RetentionOptions = {}): Store<NoContext> {
  const forgetAfterMs = positiveDuration('forgetAfter', forgetAfter);
  const handling = new Set<string>();
  /** When each was handled, the oldest first, by a clock that nobody sets. */
  const handled = new Map<string, number>();
  const isOld = (handledAt: number) => performance.now() - handledAt >= forgetAfterMs;

  return {
    async setUp() {},
    async once({ name, id }, effect) {
      const key = `${name} ${id}`;
      if (handling.has(key)) return 'busy';
      const handledAt = handled.get(key);
      if (handledAt !== undefined && !isOld(handledAt)) return 'duplicate';
      handling.add(key);
      try {
        await effect({});
        handled.delete(key);
        handled.set(key, performance.now());
        return 'handled';
      } finally {
        handling.delete(key);
      }
    },
    async prune() {
      for (const [key, handledAt] of handled) {
        if (!isOld(handledAt)) break;
        handled.delete(key);
      }
      return false;
    },
  };
}
