import type { Load } from './load';
import type { SystemName } from './names';
import { type Random, random } from './random';

/** How a job ends, in the words of our events. */
export const ENDS = ['succeeded', 'failed', 'canceled', 'partially_failed'] as const;
export type End = (typeof ENDS)[number];

/** One notice that a job may have ended, as its system, its sender or somebody who forges it sends it. */
export interface PlannedHint {
  /** Relative to the job's end, ms. */
  readonly afterEndMs: number;
  /** What it claims; where it is forged, not what is so. */
  readonly claims: End;
  readonly isForged: boolean;
  /** The same notice comes so often. */
  readonly copies: number;
  /** Which of the system's ways it takes, by its index modulo their number. */
  readonly way: number;
}

/** The life of one job. */
export interface PlannedJob {
  readonly system: SystemName;
  readonly index: number;
  /** Draws for the system's own choices, such as the job's name. */
  readonly seed: string;
  /** Since the start of the run, ms. */
  readonly submitAtMs: number;
  /** From its submission to its end, ms; negative where it ended before. */
  readonly endsAfterMs: number;
  readonly end: End;
  /** So many clients submit it at once, each again until it is accepted. */
  readonly submissions: number;
  /** So often in a row its provider answers that it is unavailable. */
  readonly providerFailures: number;
  /** Empty: all lost. */
  readonly hints: readonly PlannedHint[];
  /** What is done about it beside its life; absent: nothing. */
  readonly load?: Load;
}

/** The job of this number. Pure: the same seed has the same jobs. */
export function planJob(seed: string, system: SystemName, index: number, submitAtMs: number): PlannedJob {
  const own = `${seed}/job/${system}/${index}`;
  const draw = random(own);
  const end = draw.pick<End>([...ENDS, 'succeeded', 'succeeded']);
  return {
    system,
    index,
    seed: own,
    submitAtMs,
    endsAfterMs: draw.chance(0.1) ? -1_000 : draw.between(500, 12_000),
    end,
    submissions: draw.chance(0.25) ? 2 : 1,
    providerFailures: draw.chance(0.2) ? draw.between(1, 3) : 0,
    hints: planHints(draw, end),
  };
}

/**
 * A quarter is lost. The others come up to eight seconds late, so that those of different jobs overtake each other, and
 * some more than once. Forged ones come before the end or after it, and claim what is not so.
 */
function planHints(draw: Random, end: End): readonly PlannedHint[] {
  const hints: PlannedHint[] = [];
  if (draw.chance(0.75)) {
    const afterEndMs = draw.chance(0.5) ? draw.between(0, 500) : draw.between(0, 8_000);
    const copies = draw.chance(0.3) ? draw.between(2, 4) : 1;
    hints.push({ afterEndMs, claims: end, isForged: false, copies, way: draw.between(0, 11) });
  }
  if (draw.chance(0.4)) {
    const claims = draw.pick(ENDS.filter((other) => other !== end));
    const afterEndMs = draw.between(-6_000, 3_000);
    hints.push({ afterEndMs, claims, isForged: true, copies: 1, way: draw.between(0, 11) });
  }
  return hints;
}
