import type { Progress } from '../../domain/job-status';
import { METRICS, type Metrics } from './job-resource';

/**
 * Task metrics as numbers: SPEC-001's percentage, which is of tasks that have ended, and Tencent Batch's own counts.
 * Tasks are no rows, so nothing is said of rows.
 */
export function toProgress(metrics: Metrics | null | undefined): Progress | null {
  if (!metrics) return null;
  const known = METRICS.flatMap((name) => {
    const count = metrics[name];
    return typeof count === 'number' && Number.isFinite(count) && count >= 0 ? [[name, count] as const] : [];
  });
  if (known.length === 0) return null;
  const counts = new Map<string, number>(known);
  const of = (...names: readonly (keyof Metrics)[]) => names.reduce((sum, name) => sum + (counts.get(name) ?? 0), 0);
  const tasks = of(...METRICS);
  const ended = of('SucceedCount', 'FailedCount', 'FailedInterruptedCount');
  return {
    ...(tasks > 0 && { percentage_completed: Math.round((ended / tasks) * 10_000) / 100 }),
    task_count: tasks,
    ...Object.fromEntries(known.map(([name, count]) => [snakeCase(name), count])),
  };
}

/** `FailedInterruptedCount` → `failed_interrupted_count` */
function snakeCase(name: string): string {
  return name.replace(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
