import type { JobResource } from '../../../providers/vertex-ai/job-resource';

/** A job as a test or the demo writes it: the API's JSON members, timestamps as RFC 3339 text. */
export type EmulatedJob = JobResource & { readonly name: string; readonly [member: string]: unknown };

/** The jobs, each under its canonical name, whether a request has the project's id or its number. */
export interface JobStore {
  /** The name with the project's number. */
  canonical(name: string): string;
  get(name: string): EmulatedJob | undefined;
  put(job: EmulatedJob): EmulatedJob;
  /**
   * The jobs of a collection, newest first, as they were a while ago.
   * @param lagMs how long ago; a job that was not there then is undefined
   */
  list(parent: string, collection: string, lagMs: number): Listing;
}

export interface Listing {
  readonly length: number;
  /** @param index from the newest on */
  at(index: number): EmulatedJob | undefined;
}

interface Version {
  readonly job: EmulatedJob;
  /** Since when it is like this, epoch ms. */
  readonly since: number;
}

interface Entry {
  readonly created: number;
  /** Newest first; only so many are kept. */
  versions: readonly Version[];
  readonly putAt: number;
}

const KEPT_VERSIONS = 5;

export function createJobStore(projects: Readonly<Record<string, string>>): JobStore {
  const entries = new Map<string, Entry>();
  const groups = new Map<string, { newestLast: Entry[]; isSorted: boolean }>();
  const canonical = (name: string) =>
    name.replace(/^projects\/([^/]+)/, (whole, id: string) =>
      Object.hasOwn(projects, id) ? `projects/${projects[id]}` : whole,
    );

  const add = (name: string, version: Version): void => {
    const entry = {
      created: Date.parse(String(version.job.createTime ?? '')) || 0,
      versions: [version],
      putAt: version.since,
    };
    entries.set(name, entry);
    const key = name.slice(0, name.lastIndexOf('/'));
    const group = groups.get(key) ?? { newestLast: [], isSorted: true };
    const newest = group.newestLast.at(-1);
    group.newestLast.push(entry);
    group.isSorted &&= newest === undefined || newest.created <= entry.created;
    groups.set(key, group);
  };

  return {
    canonical,
    get: (name) => entries.get(canonical(name))?.versions[0]?.job,
    put(job) {
      const stored = { ...job, name: canonical(job.name) };
      const version = { job: stored, since: Date.now() };
      const entry = entries.get(stored.name);
      if (entry) entry.versions = [version, ...entry.versions.slice(0, KEPT_VERSIONS - 1)];
      else add(stored.name, version);
      return stored;
    },
    list(parent, collection, lagMs) {
      const group = groups.get(`${canonical(parent)}/${collection}`);
      if (!group) return { length: 0, at: () => undefined };
      if (!group.isSorted) group.newestLast.sort((one, other) => one.created - other.created);
      group.isSorted = true;
      const { newestLast } = group;
      const then = Date.now() - lagMs;
      return {
        length: newestLast.length,
        at(index) {
          const { putAt, versions } = newestLast[newestLast.length - 1 - index] as Entry;
          if (putAt > then) return undefined;
          return (versions.find(({ since }) => since <= then) ?? versions.at(-1))?.job;
        },
      };
    },
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
