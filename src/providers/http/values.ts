import { valueAt } from '../../domain/json';
import { readTime } from '../../domain/parse-time';

/** JSON pointers. The first one that finds a value counts; null and the empty text are no values. */
export type Pointers = readonly string[];

export function firstAt(document: unknown, pointers: Pointers): unknown {
  for (const pointer of pointers) {
    const value = valueAt(document, pointer);
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
}

/** A text; numbers and booleans as JSON writes them. It goes into a history, so it is bounded. */
export function textAt(document: unknown, pointers: Pointers, maxLength = 256): string | undefined {
  const value = firstAt(document, pointers);
  if (typeof value === 'string') return bounded(value, maxLength);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A number, or a text with a number in it: Google's APIs write 64-bit numbers as texts. */
export function numberAt(document: unknown, pointers: Pointers): number | undefined {
  const value = firstAt(document, pointers);
  const number = typeof value === 'string' && /^-?[0-9]+(\.[0-9]+)?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** As seconds this is the year 5138, as milliseconds 1973: no job's time is ambiguous. */
const MILLISECONDS_FROM = 1e11;

/** A time as RFC 3339 in UTC: from RFC 3339, or from a number of seconds or milliseconds since 1970. */
export function timeAt(document: unknown, pointers: Pointers): string | null {
  const number = numberAt(document, pointers);
  const inMs = number !== undefined && number < MILLISECONDS_FROM ? number * 1000 : number;
  return readTime(inMs ?? firstAt(document, pointers))?.toISOString() ?? null;
}

/** Cut to length and well-formed: no store accepts half a surrogate pair. */
export function bounded(text: string, maxLength: number): string {
  return text.slice(0, maxLength).toWellFormed();
}
