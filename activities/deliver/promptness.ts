/** So many deliveries, one after another and each at once, make an endpoint a prompt one… */
const IN_A_ROW = 10;
/** …for as long as the last of them is not longer ago than this. */
const REMEMBERED_FOR_MS = 30_000;
/** Endpoints that jobs bring along are many. */
const MAX_REMEMBERED = 1_000;
/** What counts as at once. */
const AT_ONCE_MS = 1_000;

/**
 * Which endpoints are just now taking much from this worker, and all of it at once. A guess about the next delivery, good
 * enough to save a write by; nothing is lost where it is wrong.
 */
export interface Promptness {
  areAllPrompt(endpoints: readonly string[]): boolean;
  /** @param tookMs of one that was delivered; absent for one that was not */
  note(endpoint: string, tookMs?: number): void;
}

export function createPromptness(now: () => number = () => performance.now()): Promptness {
  const rows = new Map<string, { length: number; lastAt: number }>();
  const isPrompt = (endpoint: string): boolean => {
    const row = rows.get(endpoint);
    return row !== undefined && row.length >= IN_A_ROW && now() - row.lastAt <= REMEMBERED_FOR_MS;
  };
  return {
    areAllPrompt: (endpoints) => endpoints.every(isPrompt),
    note(endpoint, tookMs = Number.POSITIVE_INFINITY) {
      const length = rows.get(endpoint)?.length ?? 0;
      rows.delete(endpoint);
      if (tookMs <= AT_ONCE_MS) rows.set(endpoint, { length: length + 1, lastAt: now() });
      const [longestAgo] = rows.keys();
      if (rows.size > MAX_REMEMBERED && longestAgo !== undefined) rows.delete(longestAgo);
    },
  };
}
