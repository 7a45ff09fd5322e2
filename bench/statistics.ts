/** Median, quartiles and extremes of some figures. */
export interface Spread {
  readonly median: number;
  /** From the first to the third quartile: what half of the rounds gave. */
  readonly half: readonly [number, number];
  readonly min: number;
  readonly max: number;
}

export function spread(figures: readonly number[]): Spread {
  const sorted = [...figures].sort((a, b) => a - b);
  const at = (p: number) => round(percentile(sorted, p));
  return { median: at(0.5), half: [at(0.25), at(0.75)], min: round(sorted[0] ?? 0), max: round(sorted.at(-1) ?? 0) };
}

/** @param sorted ascending */
export function percentile(sorted: readonly number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0;
}

function round(figure: number): number {
  return Number(figure.toPrecision(3));
}

/** A ratio of two percentiles, each over the samples of every round. */
export interface PooledRatio {
  readonly ratio: number;
  /** Where nine of ten such runs would have put it, found by drawing the rounds anew (bootstrap, whole pairs). */
  readonly ninety_percent: readonly [number, number];
}

const DRAWS = 1000;

/** @param p the percentile, 0 to 1 */
export function pooledRatio<Pair>(
  pairs: readonly Pair[],
  above: (pair: Pair) => readonly number[],
  below: (pair: Pair) => readonly number[],
  p: number,
): PooledRatio {
  const ratioOf = (some: readonly Pair[]) =>
    percentileOf(some.flatMap(above), p) / percentileOf(some.flatMap(below), p);
  const drawn = Array.from({ length: DRAWS }, () =>
    ratioOf(pairs.map(() => pairs[Math.floor(Math.random() * pairs.length)] as Pair)),
  ).sort((a, b) => a - b);
  const within = (q: number) => rounded(percentile(drawn, q));
  return { ratio: rounded(ratioOf(pairs)), ninety_percent: [within(0.05), within(0.95)] };
}

function percentileOf(samples: readonly number[], p: number): number {
  return percentile(
    [...samples].sort((a, b) => a - b),
    p,
  );
}

function rounded(ratio: number): number {
  return Number(ratio.toPrecision(3));
}
