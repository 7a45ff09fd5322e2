import { parseRfc3339 } from '../../domain/rfc3339';
import { firstAt, numberAt, type Pointers } from './words';

/** As seconds this is the year 5138, as milliseconds 1973: no job's time is ambiguous. */
const MILLISECONDS_FROM = 1e11;

/** A time as RFC 3339 in UTC: from RFC 3339, or from a number of seconds or milliseconds since 1970. */
export function timeAt(document: unknown, pointers: Pointers): string | null {
  const number = numberAt(document, pointers);
  // Services write 0 for "not yet".
  if (number !== undefined) return number > 0 ? toText(number < MILLISECONDS_FROM ? number * 1000 : number) : null;
  const text = firstAt(document, pointers);
  return typeof text === 'string' ? (parseRfc3339(text)?.toISOString() ?? null) : null;
}

function toText(ms: number): string | null {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
