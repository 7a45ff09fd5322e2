import type { JobResource } from '../../../providers/vertex-ai/job-resource';

/** A job as a test or the demo writes it: the API's JSON members; timestamps as RFC 3339 text. */
export type EmulatedJob = JobResource & { readonly name: string; readonly [member: string]: unknown };

/** The jobs there are, under one name each whichever way their project is spelled. */
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
