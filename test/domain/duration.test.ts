import fc from 'fast-check';
import { DurationError, formatDuration, parseDuration } from '../../src/domain/duration';

describe('parseDuration', () => {
  it.each([
    ['200ms', 200],
    ['5s', 5_000],
    ['10m', 600_000],
    ['6h', 21_600_000],
    ['7d', 604_800_000],
    ['1.5h', 5_400_000],
    ['0s', 0],
  ])('reads %s as %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '5', 's', '5 s', '-5s', '+5s', '5S', '5sec', '.5s', '5.s', '1e3s', 'Infinityd', '5s5s', '5s\n'])(
    'refuses %j and says what is legal',
    (text) => {
      expect(() => parseDuration(text)).toThrow(DurationError);
      expect(() => parseDuration(text)).toThrow('200ms, 5s, 10m, 6h or 7d');
    },
  );

  it('refuses a number too large to count in whole milliseconds', () => {
    expect(() => parseDuration('999999999999d')).toThrow(DurationError);
  });
});

describe('formatDuration', () => {
  it('writes what parseDuration reads back to the same value', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  it.each([
    [0, '0s'],
    [90_000, '90s'],
    [3_600_000, '1h'],
    [604_800_000, '7d'],
    [1_500, '1500ms'],
  ])('writes %d ms as %s, in the largest unit that needs no fraction', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
