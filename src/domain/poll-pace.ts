/** How often a provider is asked about a job that nobody signals. */
export interface PollPace {
  readonly firstMs: number;
  readonly factor: number;
  readonly maxMs: number;
  /** A job that its provider does not know for this long is FAILED with reason LOST. */
  readonly lostAfterMs: number;
}

/**
 * How long to wait for the next question, `elapsedMs` after the pace began. Questions are due after `first`, then
 * after `first·factor` more, and so on up to `max`. A function of time and not of a count, so that neither a crash
 * nor a continued run changes the pace.
 */
export function nextPollDelay({ firstMs, factor, maxMs }: PollPace, elapsedMs: number): number {
  let gap = Math.min(firstMs, maxMs);
  let due = gap;
  // A question asked a moment early, by a clock that is a little off, counts as asked.
  while (due <= elapsedMs + gap * TOLERANCE) {
    if (gap >= maxMs || factor === 1) return nextMultiple(due, gap, elapsedMs) - elapsedMs;
    gap = Math.min(gap * factor, maxMs);
    due += gap;
  }
  return due - elapsedMs;
}

const TOLERANCE = 0.1;

/** The first of due, due + gap, due + 2·gap … that is more than the tolerance away. */
function nextMultiple(due: number, gap: number, elapsedMs: number): number {
  const steps = Math.floor((elapsedMs + gap * TOLERANCE - due) / gap) + 1;
  return due + Math.max(0, steps) * gap;
}
