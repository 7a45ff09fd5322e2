import type { Jobs } from './jobs';

/** The same jobs, with something around every call. */
export function aroundJobs(jobs: Jobs, around: <T>(call: () => Promise<T>) => Promise<T>): Jobs {
  return {
    submit: (...args) => around(() => jobs.submit(...args)),
    get: (...args) => around(() => jobs.get(...args)),
    list: (...args) => around(() => jobs.list(...args)),
    complete: (...args) => around(() => jobs.complete(...args)),
    heartbeat: (...args) => around(() => jobs.heartbeat(...args)),
    report: (...args) => around(() => jobs.report(...args)),
    cancel: (...args) => around(() => jobs.cancel(...args)),
    redeliver: (...args) => around(() => jobs.redeliver(...args)),
  };
}
