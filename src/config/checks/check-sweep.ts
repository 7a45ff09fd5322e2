import { formatDuration } from '../../domain/duration';
import type { SweepPace } from '../../providers/watching';
import { BOUNDS } from '../defaults';
import type { Fault } from '../fault';
import { when } from './when';

const TOO_SHORT = `must be ${formatDuration(BOUNDS.minSweepMs)} or more`;

/** @param at pointer of the provider's section */
export function checkSweep(
  at: string,
  { sweep, safetyMs }: { readonly sweep: SweepPace; readonly safetyMs: number },
): readonly Fault[] {
  const { everyMs, budget } = sweep;
  return [
    ...when(everyMs < BOUNDS.minSweepMs, { pointer: `${at}/sweep/every`, text: TOO_SHORT }),
    ...when(budget.perMs < BOUNDS.minSweepMs, { pointer: `${at}/sweep/budget/per`, text: TOO_SHORT }),
    ...when(safetyMs < BOUNDS.minSweepMs, { pointer: `${at}/safety`, text: TOO_SHORT }),
  ];
}
