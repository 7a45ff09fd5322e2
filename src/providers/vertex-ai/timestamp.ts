import type { Time } from './resource';

/**
 * RFC 3339 in UTC with 0, 3, 6 or 9 digits of a second, as protobuf's JSON mapping writes a Timestamp
 * (https://protobuf.dev/programming-guides/json/), so that gRPC and REST give the same text.
 */
export function toRfc3339(time: Time | null | undefined): string | null {
  if (!time) return null;
  if (typeof time === 'string') return time;
  const date = new Date(Number(time.seconds ?? 0) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  return date.toISOString().replace(/\.\d+Z$/, `${fraction(time.nanos ?? 0)}Z`);
}

function fraction(nanos: number): string {
  if (nanos === 0) return '';
  return `.${String(nanos)
    .padStart(9, '0')
    .replace(/(?:000){1,2}$/, '')}`;
}
