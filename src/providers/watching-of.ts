import type { Provider } from './provider';
import type { Watching } from './watching';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** What holds where a provider says nothing of how its open jobs are watched. */
export const WATCH_DEFAULTS = {
  sweep: { everyMs: 30 * SECOND, budget: { requests: 300, perMs: MINUTE } },
  safetyMs: 360 * MINUTE,
} as const;

/** All jobs are one scope, and are asked about one by one. */
const ONE_BY_ONE: Watching = {
  ...WATCH_DEFAULTS,
  tracked: { scopes: [], sinceMs: 0 },
  scopeOf: () => '',
  namePrefix: () => '',
  keyOf: (job) => job,
};

/** How the open jobs of a provider are watched; undefined for one that has nothing to ask. */
export function watchingOf({ watching, rules }: Pick<Provider, 'watching' | 'rules'>): Watching | undefined {
  if (rules?.truth === 'messages') return undefined;
  return watching ?? ONE_BY_ONE;
}
