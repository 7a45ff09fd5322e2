const TIME = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/**
 * A time as RFC 3339 section 5.6 writes it, to the millisecond in UTC; undefined for anything else, a day that its
 * month does not have among it.
 */
export function parseRfc3339(text: string): Date | undefined {
  const [, year, month, day] = TIME.exec(text) ?? [];
  if (year === undefined) return undefined;
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const time = new Date(text.toUpperCase());
  return Number(day) > daysInMonth || Number.isNaN(time.getTime()) ? undefined : time;
}
