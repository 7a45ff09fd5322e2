import type { Plan } from './plan';

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
    ...kills.map(
      ({ atMs, victim, signal, downMs }) =>
        `  at ${(atMs / 1000).toFixed(1)} s ${signal} ${victim}, gone for ${(downMs / 1000).toFixed(1)} s`,
    ),
  ].join('\n');
}
