import type { ReadMessage } from '../read-message';

/**
 * Messages that Temporal has, so that the same again costs it nothing. Runs themselves remember their last 1,000; this
 * is only in front of them, and forgets the oldest.
 */
export interface RecentMessages {
  has(message: ReadMessage): boolean;
  add(message: ReadMessage): void;
}

export function createRecentMessages(most = 20_000): RecentMessages {
  const ids = new Set<string>();
  return {
    has: (message) => ids.has(idOf(message)),
    add(message) {
      ids.add(idOf(message));
      if (ids.size <= most) return;
      const [oldest] = ids;
      if (oldest !== undefined) ids.delete(oldest);
    },
  };
}

/** The same key means the same message, whatever it says; a key is scoped to its job. */
function idOf({ job, key }: ReadMessage): string {
  return `${job}/${key}`;
}
