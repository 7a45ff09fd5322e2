import { random } from './random';

/** How far a receiver's clock is off until a time, both ms; the last one stays. */
export interface PlannedClock {
  readonly untilMs: number;
  readonly offMs: number;
}

/** Standard Webhooks refuses what is older, or newer, than this. */
const TOLERANCE_MS = 300_000;

/**
 * The clock of one receiver: for the first part of the run so far off that it refuses everything, then, after somebody
 * has looked at it, off by less than matters.
 */
export function planClock(seed: string, endpoint: string, phaseMs: number): readonly PlannedClock[] {
  const draw = random(`${seed}/clock/${endpoint}`);
  const sign = () => draw.pick([-1, 1]);
  const wrong = sign() * (TOLERANCE_MS + draw.between(60_000, 900_000));
  const nearly = sign() * draw.between(30_000, TOLERANCE_MS - 60_000);
  return [
    { untilMs: Math.round(phaseMs * 0.3), offMs: wrong },
    { untilMs: Number.MAX_SAFE_INTEGER, offMs: nearly },
  ];
}
