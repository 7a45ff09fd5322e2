import fc from 'fast-check';
import { nextPollDelay, type PollPace } from '../../src/domain/poll-pace';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const PACE: PollPace = { firstMs: 30 * SECOND, factor: 2, maxMs: 10 * MINUTE, lostAfterMs: 10 * MINUTE };

/** The moments of the first questions, each asked exactly when it is due. */
function questions(pace: PollPace, count: number): number[] {
  const times: number[] = [];
  for (let now = 0; times.length < count; ) {
    now += nextPollDelay(pace, now);
    times.push(now);
  }
  return times;
}

const anyPace = fc
  .record({
    firstMs: fc.integer({ min: 100, max: 60_000 }),
    factor: fc.oneof(fc.constant(1), fc.double({ min: 1.1, max: 4, noNaN: true })),
    times: fc.integer({ min: 1, max: 100 }),
  })
  .map(({ firstMs, factor, times }): PollPace => ({ firstMs, factor, maxMs: firstMs * times, lostAfterMs: 0 }));

describe('nextPollDelay', () => {
  it('asks after first, and then ever more seldom, up to max', () => {
    const gaps = questions(PACE, 8).map((time, i, all) => time - (all[i - 1] ?? 0));
    expect(gaps.map((gap) => gap / SECOND)).toEqual([30, 60, 120, 240, 480, 600, 600, 600]);
  });

  it('asks at one pace where the factor is 1', () => {
    expect(questions({ ...PACE, factor: 1 }, 3)).toEqual([30_000, 60_000, 90_000]);
  });

  it('asks at the pace of max where first is above it', () => {
    expect(questions({ ...PACE, maxMs: 5 * SECOND }, 3)).toEqual([5_000, 10_000, 15_000]);
  });

  it('goes on after an outage where the pace would be, and not from its beginning', () => {
    // Due after 30, 90, 210, 450 and 930 seconds.
    expect(nextPollDelay(PACE, 500 * SECOND)).toBe(430 * SECOND);
  });

  it('counts a question that came a moment early as asked', () => {
    expect(nextPollDelay(PACE, 29 * SECOND)).toBe(61 * SECOND);
  });

  it('never waits for nothing, nor longer than max and the tolerance', () => {
    fc.assert(
      fc.property(anyPace, fc.nat({ max: 30 * 24 * 3_600_000 }), (pace, elapsedMs) => {
        const delay = nextPollDelay(pace, elapsedMs);
        expect(delay).toBeGreaterThan(0);
        expect(delay).toBeLessThanOrEqual(pace.maxMs * 1.1 + 1);
      }),
    );
  });

  it('is a function of time alone: one who looks in between comes to the same moments', () => {
    fc.assert(
      fc.property(
        anyPace,
        fc.nat({ max: 3_600_000 }),
        fc.double({ min: 0, max: 0.8, noNaN: true }),
        (pace, elapsedMs, part) => {
          const due = elapsedMs + nextPollDelay(pace, elapsedMs);
          const between = elapsedMs + (due - elapsedMs) * part;
          // Nearer than the tolerance it would count as asked.
          fc.pre(due - between > 0.11 * pace.maxMs);
          expect(between + nextPollDelay(pace, between)).toBeCloseTo(due, 3);
        },
      ),
    );
  });

  it('answers at once for a pace that never grows, however long ago it began', () => {
    const pace = { ...PACE, firstMs: 100, factor: 1, maxMs: 100 };
    expect(nextPollDelay(pace, 10 * 365 * 24 * 3_600_000)).toBeLessThanOrEqual(110);
  });
});
