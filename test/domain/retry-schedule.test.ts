import fc from 'fast-check';
import { isWindowOver, nextDelay, type RetrySchedule } from '../../src/domain/retry-schedule';

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

test('the default schedule grows threefold from 5 s to 6 h', () => {
  const seconds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(
    (attempt) => nextDelay(DEFAULT, attempt, { slow: false, random: middle }) / SECOND,
  );
  expect(seconds).toEqual([5, 15, 45, 135, 405, 1215, 3645, 10935, 21600, 21600]);
});

test('the slow half starts at the square root of first times max', () => {
  const seconds = [1, 2, 3, 4, 5].map(
    (attempt) => nextDelay(DEFAULT, attempt, { slow: true, random: middle }) / SECOND,
  );
  expect(seconds).toEqual([328.634, 985.901, 2957.702, 8873.105, 21600]);
});

test('jitter spreads a delay from 80 % to 120 %', () => {
  expect(nextDelay(DEFAULT, 1, { slow: false, random: () => 0 })).toBe(4000);
  expect(nextDelay(DEFAULT, 1, { slow: false, random: () => 1 - Number.EPSILON })).toBe(6000);
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

test('Retry-After replaces the delay without jitter, up to max', () => {
  const ask = (retryAfterMs: number) =>
    nextDelay(DEFAULT, 9, {
      slow: true,
      retryAfterMs,
      random: () => {
        throw new Error('must not draw');
      },
    });
  expect(ask(7 * SECOND)).toBe(7 * SECOND);
  expect(ask(6 * HOUR)).toBe(6 * HOUR);
  expect(ask(6 * HOUR + 1)).toBe(6 * HOUR);
  expect(ask(Number.MAX_SAFE_INTEGER)).toBe(6 * HOUR);
});

test('Retry-After: 0 waits a second, or first where that is shorter', () => {
  expect(nextDelay(DEFAULT, 1, { slow: false, retryAfterMs: 0, random: middle })).toBe(SECOND);
  const quick = { ...DEFAULT, firstMs: 200 };
  expect(nextDelay(quick, 1, { slow: false, retryAfterMs: 0, random: middle })).toBe(200);
});

test('the window is over once all of it is used', () => {
  expect(isWindowOver(DEFAULT, DEFAULT.forMs - 1)).toBe(false);
  expect(isWindowOver(DEFAULT, DEFAULT.forMs)).toBe(true);
});
