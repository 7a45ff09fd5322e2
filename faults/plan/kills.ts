import type { Victim } from './names';
import { random } from './random';

export interface PlannedKill {
  /** Since the start of the run, ms. */
  readonly atMs: number;
  readonly victim: Victim;
  /** SIGTERM lets it finish what it has begun. */
  readonly signal: 'SIGKILL' | 'SIGTERM';
  /** Until it is started again, ms. */
  readonly downMs: number;
}

/**
 * Who is killed when: of `victims` everyone at least once if there is time for it, and both gateways by SIGKILL, so
 * that what one had answered and not done would be missed.
 */
export function planKills(seed: string, victims: readonly Victim[], phaseMs: number): readonly PlannedKill[] {
  const draw = random(`${seed}/kills`);
  const first = 4_000;
  const last = phaseMs - 4_000;
  const count = Math.max(victims.length, Math.floor((last - first) / 4_000));
  const rounds = Array.from({ length: Math.ceil(count / victims.length) }, () => draw.shuffled(victims));
  const every = (last - first) / count;
  return rounds
    .flat()
    .slice(0, count)
    .map((victim, i): PlannedKill => {
      const signal = i >= victims.length && draw.chance(0.3) && victim !== 'temporal' ? 'SIGTERM' : 'SIGKILL';
      return {
        atMs: Math.round(first + (i + draw.next() * 0.6) * every),
        victim,
        signal,
        downMs: draw.between(300, 3_000),
      };
    });
}
