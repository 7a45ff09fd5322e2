import { percentile } from './spread';

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
  const ratioOf = (some: readonly Pair[]) => at(some.flatMap(above), p) / at(some.flatMap(below), p);
  const drawn = Array.from({ length: DRAWS }, () =>
    ratioOf(pairs.map(() => pairs[Math.floor(Math.random() * pairs.length)] as Pair)),
  ).sort((a, b) => a - b);
  const within = (q: number) => rounded(percentile(drawn, q));
  return { ratio: rounded(ratioOf(pairs)), ninety_percent: [within(0.05), within(0.95)] };
}

function at(samples: readonly number[], p: number): number {
  return percentile(
    [...samples].sort((a, b) => a - b),
    p,
  );
}

function rounded(ratio: number): number {
  return Number(ratio.toPrecision(3));
}
