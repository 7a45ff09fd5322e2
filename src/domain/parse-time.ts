const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/**
 * A time as RFC 3339 section 5.6 writes it, to the millisecond in UTC; undefined for anything else, including
 * a day that the month does not have.
 */
export function parseRfc3339(text: string): Date | undefined {
  const [, year, month, day] = RFC3339.exec(text) ?? [];
  if (year === undefined) return undefined;
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const time = new Date(text.toUpperCase());
  return Number(day) > daysInMonth || Number.isNaN(time.getTime()) ? undefined : time;
}

/** Later times do not fit into 64 bits of nanoseconds, in which indexes keep them. */
const LATEST_MS = Date.UTC(2262, 0, 1);

/**
 * Reads a time that somebody else has written, of any type: RFC 3339, or milliseconds since 1970. Undefined where there is
 * none: what cannot be read, zero times (0, and Go's year 1), and all others up to 1970 or after 2261.
 */
export function readTime(value: unknown): Date | undefined {
  const time =
    typeof value === 'string' ? parseRfc3339(value) : typeof value === 'number' ? new Date(value) : undefined;
  const ms = time?.getTime() ?? Number.NaN;
  return ms > 0 && ms < LATEST_MS ? time : undefined;
}

/** The same as RFC 3339 in UTC, with a fraction only where there is one; null for none. */
export function readTimeText(value: unknown): string | null {
  return readTime(value)?.toISOString().replace('.000Z', 'Z') ?? null;
}

/**
 * Reads `Retry-After`: seconds, or one of the three forms of an HTTP date.
 * Source: RFC 9110, sections 10.2.3 and 5.6.7.
 * @param nowMs Unix milliseconds, against which a date is measured
 * @returns milliseconds from now, 0 for a date that has passed; undefined for anything else
 */
export function parseRetryAfter(value: string, nowMs: number): number | undefined {
  const text = value.trim();
  // Bounded, because the number travels as JSON, which has no Infinity.
  if (/^[0-9]+$/.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER);
  const dateMs = parseHttpDate(text, nowMs);
  return dateMs === undefined ? undefined : Math.max(0, dateMs - nowMs);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const TIME = '(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})';
const MONTH = `(?<month>${MONTHS.join('|')})`;

const FORMS = [
  // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\\d{2}) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`),
  // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(`^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\\d{2})-${MONTH}-(?<year>\\d{2}) ${TIME} GMT$`),
  // asctime: Sun Nov  6 08:49:37 1994
  new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`),
];

function parseHttpDate(text: string, nowMs: number): number | undefined {
  const parts = FORMS.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (parts === undefined) return undefined;
  const [day, hour, minute, second] = [parts['day'], parts['hour'], parts['minute'], parts['second']].map(Number);
  const month = MONTHS.indexOf(parts['month'] as string);
  if (day === undefined || hour === undefined || minute === undefined || second === undefined) return undefined;
  // A minute may have a leap second.
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const year = fullYear(parts['year'] as string, nowMs);
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, month, day);
  // 30 February would otherwise become 2 March.
  if (midnight.getUTCDate() !== day) return undefined;
  return midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1000;
}

/** Two digits mean the last such year that is not more than 50 years ahead (RFC 9110, section 5.6.7). */
function fullYear(digits: string, nowMs: number): number {
  if (digits.length === 4) return Number(digits);
  const thisYear = new Date(nowMs).getUTCFullYear();
  const inThisCentury = thisYear - (thisYear % 100) + Number(digits);
  return inThisCentury > thisYear + 50 ? inThisCentury - 100 : inThisCentury;
}
