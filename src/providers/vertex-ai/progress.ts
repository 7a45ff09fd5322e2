import type { Progress } from '../../domain/job-status';
import type { CompletionStats } from './resource';

/**
 * Completion statistics as numbers, in SPEC-001's words and in Vertex AI's own. What is unknown is left out:
 * without a count of incomplete items (-1) there is no total and no percentage.
 */
export function toProgress(stats: CompletionStats | null | undefined): Progress | null {
  if (!stats) return null;
  const successful = count(stats.successfulCount) ?? 0;
  const failed = count(stats.failedCount) ?? 0;
  const incomplete = stats.incompleteCount == null ? 0 : count(stats.incompleteCount);
  const forecastPoints = count(stats.successfulForecastPointCount) ?? 0;
  return {
    ...(incomplete !== undefined && total(successful, failed, incomplete)),
    rows_completed: successful,
    successful_count: successful,
    failed_count: failed,
    ...(incomplete !== undefined && { incomplete_count: incomplete }),
    ...(forecastPoints > 0 && { successful_forecast_point_count: forecastPoints }),
  };
}

function total(successful: number, failed: number, incomplete: number): Progress {
  const rows = successful + failed + incomplete;
  if (rows === 0) return { rows_total: 0 };
  return { percentage_completed: Math.round(((successful + failed) / rows) * 10_000) / 100, rows_total: rows };
}

/** An int64, which travels as text; undefined where it is unknown (negative) or unreadable. */
export function count(value: string | number | null | undefined): number | undefined {
  if (value == null || value === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}
