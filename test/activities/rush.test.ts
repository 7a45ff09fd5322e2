import { createRush } from '../../activities/rush';

describe('a rush', () => {
  it.each([
    { everyMs: 100, rushes: true },
    { everyMs: 112, rushes: false },
  ])('is ten within a second: one every $everyMs ms: $rushes', ({ everyMs, rushes }) => {
    let now = 0;
    const rush = createRush(() => now);
    const seen = Array.from({ length: 30 }, () => {
      now += everyMs;
      return rush.another().isRush;
    });
    expect(seen.slice(0, 9)).not.toContain(true);
    expect(seen.slice(9)).toEqual(seen.slice(9).map(() => rushes));
  });

  it('is over when there are fewer', () => {
    let now = 0;
    const rush = createRush(() => now);
    for (let i = 0; i < 20; i++) rush.another();
    now = 1_001;
    expect(rush.another().isRush).toBe(false);
  });
});
