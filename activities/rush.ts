/** So many within so long are a rush. */
const RUSH = { times: 10, withinMs: 1_000 };

/** Tells whether something happens so often just now that there is a rush of it. */
export function createRush(now: () => number = () => performance.now()): { another(): { readonly isRush: boolean } } {
  const last: number[] = [];
  return {
    another() {
      last.push(now());
      if (last.length > RUSH.times) last.shift();
      const [first = 0] = last;
      return { isRush: last.length === RUSH.times && now() - first <= RUSH.withinMs };
    },
  };
}
