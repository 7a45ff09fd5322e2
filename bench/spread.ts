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
