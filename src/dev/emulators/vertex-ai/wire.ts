import type { EmulatedJob } from './job-store';

const TIMES = ['createTime', 'startTime', 'endTime', 'updateTime'] as const;

/** RFC 3339 text becomes the Timestamp message that gRPC sends; all else is sent as it is. */
export function toWire(job: EmulatedJob): Readonly<Record<string, unknown>> {
  const wire: Record<string, unknown> = { ...job };
  for (const member of TIMES) {
    const time = job[member];
    if (typeof time === 'string') wire[member] = toTimestamp(time);
  }
  return wire;
}

function toTimestamp(time: string): { readonly seconds: number; readonly nanos: number } {
  const [, fraction = ''] = /\.(\d{1,9})/.exec(time) ?? [];
  return { seconds: Math.floor(Date.parse(time) / 1000), nanos: Number(fraction.padEnd(9, '0')) };
}
