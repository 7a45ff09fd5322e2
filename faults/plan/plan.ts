import { type PlannedJob, planJob } from './job';
import { type PlannedKill, planKills } from './kills';
import { withLoads } from './load';
import type { SystemName, Victim } from './names';
import { random } from './random';

export interface PlanOptions {
  readonly seed: string;
  /** In all, spread evenly over the systems. */
  readonly jobs: number;
  /** How long faults are made, ms. */
  readonly phaseMs: number;
  /** When jobs are submitted: at random times of the first four fifths, or at a steady rate all the time. */
  readonly spacing: 'random' | 'steady';
  readonly systems: readonly SystemName[];
  /** Who may be killed; nobody: no kills. */
  readonly victims: readonly Victim[];
  /** Whether anybody says of any job that it has ended, or claims so. Default: yes. */
  readonly hints?: boolean;
  /** Of each system's jobs, how many have a hostile load. */
  readonly loads: number;
}

/** All that will go wrong in one run, before it begins. The same options make the same plan. */
export interface Plan {
  readonly seed: string;
  readonly phaseMs: number;
  /** In the order of their submission. */
  readonly jobs: readonly PlannedJob[];
  readonly kills: readonly PlannedKill[];
}

export function makePlan(options: PlanOptions): Plan {
  const { seed, jobs, phaseMs, spacing, systems, victims, loads, hints = true } = options;
  const draw = random(`${seed}/submissions`);
  const planned = Array.from({ length: jobs }, (_, index) => {
    const system = systems[index % systems.length];
    if (system === undefined) throw new RangeError('no systems to run jobs at');
    const at = spacing === 'steady' ? (index * phaseMs) / jobs : draw.next() * phaseMs * 0.8;
    const job = planJob(seed, system, index, Math.round(at));
    return hints ? job : { ...job, hints: [] };
  });
  return {
    seed,
    phaseMs,
    jobs: withLoads(
      seed,
      planned.sort((a, b) => a.submitAtMs - b.submitAtMs),
      loads,
    ),
    kills: victims.length === 0 ? [] : planKills(seed, victims, phaseMs),
  };
}

/** The plan for people: what will be done to whom. */
export function describePlan({ seed, phaseMs, jobs, kills }: Plan): string {
  const hints = jobs.flatMap((job) => job.hints);
  const count = (list: readonly unknown[], what: string) => `${list.length} ${what}`;
  return [
    `seed ${seed}: ${jobs.length} jobs in ${phaseMs / 1000} s`,
    [
      count(
        jobs.filter((job) => !job.hints.some((hint) => !hint.isForged)),
        'lost hints',
      ),
      count(
        hints.filter((hint) => hint.copies > 1),
        'multiplied',
      ),
      count(
        hints.filter((hint) => hint.isForged),
        'forged',
      ),
      count(
        hints.filter((hint) => !hint.isForged && hint.afterEndMs > 1_000),
        'late',
      ),
      count(
        jobs.filter((job) => job.endsAfterMs < 0),
        'jobs that ended before they are submitted',
      ),
      count(
        jobs.filter((job) => job.submissions > 1),
        'submitted by two clients',
      ),
    ].join(', '),
    `hostile loads: ${loadsOf(jobs)}`,
    ...kills.map(
      ({ atMs, victim, signal, downMs }) =>
        `  at ${(atMs / 1000).toFixed(1)} s ${signal} ${victim}, gone for ${(downMs / 1000).toFixed(1)} s`,
    ),
  ].join('\n');
}

/** `2 many_endpoints, 1 long_keys`. */
function loadsOf(jobs: readonly PlannedJob[]): string {
  const counts = Object.entries(countLoads(jobs)).map(([load, count]) => `${count} ${load}`);
  return counts.join(', ') || 'none';
}

export function countLoads(jobs: readonly PlannedJob[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { load } of jobs) if (load !== undefined) counts[load] = (counts[load] ?? 0) + 1;
  return counts;
}
