import type { JobResource } from '../../../providers/vertex-ai/job-resource';

/** A job as a test or the demo writes it: the API's JSON members, timestamps as RFC 3339 text. */
export type EmulatedJob = JobResource & { readonly name: string; readonly [member: string]: unknown };

/** The jobs, each under its canonical name, whether a request has the project's id or its number. */
export interface JobStore {
  /** The name with the project's number. */
  canonical(name: string): string;
  get(name: string): EmulatedJob | undefined;
  put(job: EmulatedJob): EmulatedJob;
  list(parent: string): readonly EmulatedJob[];
}

export function createJobStore(projects: Readonly<Record<string, string>>): JobStore {
  const jobs = new Map<string, EmulatedJob>();
  const canonical = (name: string) =>
    name.replace(/^projects\/([^/]+)/, (whole, id: string) =>
      Object.hasOwn(projects, id) ? `projects/${projects[id]}` : whole,
    );
  return {
    canonical,
    get: (name) => jobs.get(canonical(name)),
    put(job) {
      const stored = { ...job, name: canonical(job.name) };
      jobs.set(stored.name, stored);
      return stored;
    },
    list: (parent) =>
      [...jobs.values()].filter(({ name }) => name.startsWith(`${canonical(parent)}/batchPredictionJobs/`)),
  };
}

const TIMES = ['createTime', 'startTime', 'endTime', 'updateTime'] as const;

/** The job as gRPC sends it: RFC 3339 text becomes a Timestamp message; other members stay as they are. */
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
