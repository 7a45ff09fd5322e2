import fc from 'fast-check';
import { isWindowOver, nextDelay, type RetrySchedule } from '../../src/domain/retry-schedule';
import vectors from '../vectors/retry.json';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DEFAULT: RetrySchedule = { firstMs: 5 * SECOND, factor: 3, maxMs: 6 * HOUR, forMs: 7 * 24 * HOUR };
const middle = () => 0.5;

const schedules = fc
  .record({
    firstMs: fc.integer({ min: 0, max: HOUR }),
    factor: fc.double({ min: 1, max: 100, noNaN: true }),
    maxMs: fc.integer({ min: 0, max: 1000 * HOUR }),
  })
  .map((schedule): RetrySchedule => ({ ...schedule, forMs: HOUR }));
const attempts = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 2 ** 31 }));
const draws = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe.each(vectors.schedules)('of $name', ({ schedule: { first_ms, factor, max_ms, for_ms }, delays, windows }) => {
  const schedule: RetrySchedule = { firstMs: first_ms, factor, maxMs: max_ms, forMs: for_ms };
  const cases = delays.map((delay) => ({ retry_after_ms: undefined, ...delay }));

  test.each(cases)('attempt $attempt, slow $slow, Retry-After $retry_after_ms: $min_ms to $max_ms', (delay) => {
    const delayFor = (draw: number) =>
      nextDelay(schedule, delay.attempt, {
        slow: delay.slow,
        retryAfterMs: delay.retry_after_ms,
        random: () => draw,
      });
    expect([delayFor(0), delayFor(1 - Number.EPSILON)]).toEqual([delay.min_ms, delay.max_ms]);
  });

  test.each(windows)('after $used_ms the window is over: $over', ({ used_ms, over }) => {
    expect(isWindowOver(schedule, used_ms)).toBe(over);
  });
});

test('the default schedule grows threefold from 5 s to 6 h', () => {
  const seconds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(
    (attempt) => nextDelay(DEFAULT, attempt, { slow: false, random: middle }) / SECOND,
  );
  expect(seconds).toEqual([5, 15, 45, 135, 405, 1215, 3645, 10935, 21600, 21600]);
});

test('a delay is a whole number within 20 % of the formula, whatever the schedule', () => {
  fc.assert(
    fc.property(schedules, attempts, fc.boolean(), draws, (schedule, attempt, slow, draw) => {
      const delay = nextDelay(schedule, attempt, { slow, random: () => draw });
      expect(Number.isSafeInteger(delay)).toBe(true);
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(Math.ceil(schedule.maxMs * 1.2));
    }),
  );
});

test('a slow delay is never shorter than a normal one, nor than the start of the slow half', () => {
  fc.assert(
    fc.property(schedules, attempts, draws, (schedule, attempt, draw) => {
      const random = () => draw;
      const slow = nextDelay(schedule, attempt, { slow: true, random });
      expect(slow).toBeGreaterThanOrEqual(nextDelay(schedule, attempt, { slow: false, random }));
      const start = Math.min(schedule.maxMs, Math.sqrt(schedule.firstMs * schedule.maxMs));
      expect(slow).toBeGreaterThanOrEqual(Math.floor(start * 0.8));
    }),
  );
});

test('Retry-After replaces the delay without a draw', () => {
  const random = () => {
    throw new Error('must not draw');
  };
  expect(nextDelay(DEFAULT, 9, { slow: true, retryAfterMs: 7 * SECOND, random })).toBe(7 * SECOND);
});
