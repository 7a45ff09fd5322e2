/** Durations as people write them in the configuration and on the command line: a number and a unit. */

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const DURATION = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)$/;

/** Node.js takes a longer timer for one of a millisecond. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** Why a text is not a duration. */
export class DurationError extends Error {
  override readonly name = 'DurationError';
}

/**
 * `200ms`, `5s`, `1.5h` and `7d` as whole milliseconds.
 * @throws {DurationError} for anything else, a number without a unit among it
 */
export function parseDuration(text: string): number {
  const [, number, unit] = DURATION.exec(text) ?? [];
  const ms = Math.round(Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS]);
  if (!Number.isSafeInteger(ms)) {
    throw new DurationError(`"${text}" is not a duration; give a number and a unit: 200ms, 5s, 10m, 6h or 7d`);
  }
  return ms;
}

/**
 * The shortest text that {@link parseDuration} reads back to the same value: 90000 is `90s`, 3600000 is `1h`.
 * @param ms whole milliseconds, 0 or more
 */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  const units = Object.entries(UNIT_MS).reverse();
  const [unit, size] = units.find(([, size]) => ms % size === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}
