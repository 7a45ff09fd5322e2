import fc from 'fast-check';
import { parseRetryAfter, parseRfc3339, readTime, readTimeText } from '../../src/domain/parse-time';

describe('a time as RFC 3339 writes it', () => {
  it.each([
    ['2026-11-22T14:30:00Z', '2026-11-22T14:30:00.000Z'],
    ['2026-11-22t14:30:00z', '2026-11-22T14:30:00.000Z'],
    ['2026-11-22T14:30:00.1239Z', '2026-11-22T14:30:00.123Z'],
    ['2026-11-22T00:30:00+01:00', '2026-11-21T23:30:00.000Z'],
    ['2024-02-29T00:00:00-00:00', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, time) => {
    expect(parseRfc3339(text)?.toISOString()).toBe(time);
  });

  it.each([
    '',
    '2026-11-22',
    '2026-11-22T14:30Z',
    '2026-11-22T14:30:00',
    '2026-11-22 14:30:00Z',
    '2026-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-22T25:00:00Z',
    'Sun, 22 Nov 2026 14:30:00 GMT',
    '1795357971',
  ])('%j is none', (text) => {
    expect(parseRfc3339(text)).toBeUndefined();
  });
});

describe('a time that somebody else has written', () => {
  it.each([
    ['2026-11-22T14:30:00.5+01:00', '2026-11-22T13:30:00.500Z'],
    ['2026-11-22T14:30:00Z', '2026-11-22T14:30:00Z'],
    [1_750_861_210_000, '2025-06-25T14:20:10Z'],
    ['2261-12-31T23:59:59Z', '2261-12-31T23:59:59Z'],
  ])('%j is %s', (value, time) => {
    expect(readTimeText(value)).toBe(time);
  });

  it.each([
    '0001-01-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
    '1970-01-01T00:00:00Z',
    '2262-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    'soon',
    '',
    0,
    -1,
    Number.NaN,
    1e300,
    null,
    undefined,
    {},
    [],
    true,
  ])('%j is none', (value) => {
    expect(readTime(value)).toBeUndefined();
    expect(readTimeText(value)).toBeNull();
  });
});

const NOW = Date.parse('2026-03-01T12:00:00Z');
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Whole seconds from 49 years back to 49 ahead: where two digits of a year are not ambiguous. */
const seconds = fc.integer({ min: -49 * 365 * 86_400, max: 49 * 365 * 86_400 });

function threeForms(date: Date): readonly string[] {
  const imf = date.toUTCString();
  const [, day = '', month = '', year = '', time = ''] = imf.split(/[ ,]+/);
  const name = DAYS[date.getUTCDay()] as string;
  return [
    imf,
    `${name}, ${day}-${month}-${year.slice(2)} ${time} GMT`,
    `${name.slice(0, 3)} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`,
  ];
}

test('reads every number of seconds, bounded', () => {
  fc.assert(fc.property(fc.nat(), (n) => expect(parseRetryAfter(String(n), NOW)).toBe(n * 1000)));
  expect(parseRetryAfter('9'.repeat(400), NOW)).toBe(Number.MAX_SAFE_INTEGER);
});

test('reads every date in all three forms as the time until then, never negative', () => {
  fc.assert(
    fc.property(seconds, (offset) => {
      const date = new Date(NOW + offset * 1000);
      const expected = Math.max(0, offset * 1000);
      expect(threeForms(date).map((form) => parseRetryAfter(form, NOW))).toEqual([expected, expected, expected]);
    }),
  );
});

test('a year of two digits that seems more than 50 years ahead is of the past century', () => {
  expect(parseRetryAfter('Sunday, 01-Mar-76 12:00:00 GMT', NOW)).toBeGreaterThan(0);
  expect(parseRetryAfter('Tuesday, 01-Mar-77 12:00:00 GMT', NOW)).toBe(0);
});

test('never throws and never answers anything but a finite delay or nothing', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z]{3}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT$/)),
      (text) => {
        const delay = parseRetryAfter(text, NOW);
        expect(delay === undefined || (Number.isFinite(delay) && delay >= 0)).toBe(true);
      },
    ),
  );
});

test.each([
  '',
  'soon',
  '-1',
  '+1',
  '1.5',
  '1e3',
  '0x10',
  '10 s',
  'Sun, 01 Mar 2026 12:00:00 UTC',
  'Sun, 1 Mar 2026 12:00:00 GMT',
])('leaves %p unread', (text) => expect(parseRetryAfter(text, NOW)).toBeUndefined());
