import { isObject, type JsonObject } from '../../domain/json';
import { readTime, readTimeText } from '../../domain/parse-time';

/**
 * A job resource of any kind. gRPC delivers int64 as a string, an unknown enum value as a number, an absent text as '' and an
 * absent message as null; REST omits absent members and writes timestamps as text. Both forms are accepted, and whatever is of
 * another type counts as absent.
 * Source: google/cloud/aiplatform/v1/*.proto.
 */
export type JobResource = JsonObject;

/**
 * RFC 3339 in UTC with 0, 3, 6 or 9 fractional digits, as protobuf's JSON mapping writes a Timestamp
 * (https://protobuf.dev/programming-guides/json/), so that gRPC and REST give the same text.
 */
export function toRfc3339(time: unknown): string | null {
  if (typeof time === 'string') return readTime(time) && /Z$/i.test(time) ? time : readTimeText(time);
  if (!isObject(time)) return null;
  const seconds = readTimeText(Number(wordAt(time, 'seconds') ?? 0) * 1000);
  const nanos = Number(wordAt(time, 'nanos') ?? 0);
  return seconds?.replace(/(?:\.\d+)?Z$/, `${fraction(nanos)}Z`) ?? null;
}

function fraction(nanos: number): string {
  if (!Number.isInteger(nanos) || nanos <= 0 || nanos >= 1e9) return '';
  return `.${String(nanos)
    .padStart(9, '0')
    .replace(/(?:000){1,2}$/, '')}`;
}

/** A member that is a text or a number, as gRPC and REST differ in; undefined for an empty text. */
export function wordAt(object: JsonObject, member: string): string | number | undefined {
  const value = Object.hasOwn(object, member) ? object[member] : undefined;
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? value : undefined;
}

/** The number of an int64; undefined where it is unknown (negative) or not a number. */
export function countAt(object: JsonObject, member: string): number | undefined {
  const number = Number(wordAt(object, member) ?? Number.NaN);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}
