import type { SweepSection } from '../../schemas/types';
import { parseDuration } from '../domain/duration';
import type { SweepPace } from '../providers/watching';
import { DEFAULTS } from './defaults';

const { sweep: DEFAULT } = DEFAULTS;

export function resolveSweep({ every, budget }: SweepSection = {}): SweepPace {
  return {
    everyMs: every === undefined ? DEFAULT.everyMs : parseDuration(every),
    budget: {
      requests: budget?.requests ?? DEFAULT.budget.requests,
      perMs: budget?.per === undefined ? DEFAULT.budget.perMs : parseDuration(budget.per),
    },
  };
}

/** When an open job is overdue, in ms; null for never. */
export function resolveOverdueAfter(duration: string | undefined): number | null {
  return duration === undefined ? null : parseDuration(duration);
}

/** The interval of each run's own safety timer, in ms. */
export function resolveSafety(safety: string | undefined): number {
  return safety === undefined ? DEFAULTS.safetyMs : parseDuration(safety);
}
