import type { PlannedClock } from '../plan/behaviour';

/**
 * Sets this process's clock wrong, as planned: `Date` then behaves as on a machine whose clock is off. Timers and
 * the returned function, which gives the real time, stay as they are.
 * @param startedAt real epoch ms of the start of the run; undefined while it has not begun
 */
export function setClockWrong(clock: readonly PlannedClock[], startedAt: () => number | undefined): () => number {
  const RealDate = Date;
  const realNow = () => RealDate.now();
  const wrongNow = (): number => {
    const now = realNow();
    const sinceStart = now - (startedAt() ?? now);
    return now + (clock.find(({ untilMs }) => sinceStart < untilMs)?.offMs ?? 0);
  };
  class WrongDate extends RealDate {
    constructor(...given: readonly [] | readonly [string | number | Date]) {
      super(given[0] ?? wrongNow());
    }
    static override now(): number {
      return wrongNow();
    }
  }
  globalThis.Date = WrongDate as DateConstructor;
  return realNow;
}
