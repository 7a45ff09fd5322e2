import type { Sample } from './sample-processes';

/** How what a process holds went in the second half of a soak. */
export interface ProcessJudgement {
  readonly process: string;
  readonly samples: number;
  readonly rss_mib: { readonly mean: number; readonly growth: number; readonly growth_per_hour: number };
  readonly handles: { readonly mean: number; readonly growth: number };
  readonly is_flat: boolean;
}

const MIB = 1024 * 1024;
const HOUR_MS = 3_600_000;

/**
 * What the second half may add before it counts as growth: V8 gives memory back when it likes, a server's pools breathe,
 * a short soak has not filled the caches that a long one fills in its first half, and a job with many inline endpoints opens as many
 * connections as such endpoints share.
 */
const ALLOWED = { rssShare: 0.1, rssMib: 24, handlesShare: 0.1, handles: 24 };

/** The server is somebody else's: what it holds is reported, not judged. */
const NOT_OURS: ReadonlySet<string> = new Set(['temporal', 'kafka', 'rabbitmq']);

/**
 * Whether every process is flat: the growth by the line that fits its second half best stays within what is allowed.
 * Pure. Of a process that was started again only the last life counts.
 */
export function judge(samples: readonly Sample[]): readonly ProcessJudgement[] {
  const names = [...new Set(samples.map((one) => one.process))];
  return names.map((process) => {
    const own = samples.filter((one) => one.process === process);
    const last = own.filter(({ pid }) => pid === own.at(-1)?.pid);
    const half = last.slice(Math.floor(last.length / 2));
    const duration = (half.at(-1)?.atMs ?? 0) - (half[0]?.atMs ?? 0);
    const line = (value: (sample: Sample) => number) => {
      const points = half.map((one) => ({ x: one.atMs, y: value(one) }));
      const mean = points.reduce((sum, { y }) => sum + y, 0) / Math.max(1, points.length);
      return { mean, growth: slope(points) * duration };
    };
    const rss = line((one) => one.rss / MIB);
    const handles = line((one) => one.handles);
    const isWithin =
      rss.growth <= Math.max(ALLOWED.rssMib, rss.mean * ALLOWED.rssShare) &&
      handles.growth <= Math.max(ALLOWED.handles, handles.mean * ALLOWED.handlesShare);
    return {
      process,
      samples: half.length,
      rss_mib: {
        mean: rounded(rss.mean),
        growth: rounded(rss.growth),
        growth_per_hour: rounded(duration > 0 ? (rss.growth * HOUR_MS) / duration : 0),
      },
      handles: { mean: rounded(handles.mean), growth: rounded(handles.growth) },
      is_flat: isWithin || NOT_OURS.has(process),
    };
  });
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Of the line that fits the points best, by least squares; 0 where there are too few to say. */
export function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const count = points.length;
  if (count < 2) return 0;
  const mean = (of: (point: { readonly x: number; readonly y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / count;
  const meanX = mean(({ x }) => x);
  const meanY = mean(({ y }) => y);
  const spread = mean(({ x }) => (x - meanX) ** 2);
  return spread === 0 ? 0 : mean(({ x, y }) => (x - meanX) * (y - meanY)) / spread;
}
