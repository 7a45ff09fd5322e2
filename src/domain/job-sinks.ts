import type { CompletedBy } from './job-run';

/** What runs count in the metrics of their worker. It costs no history event, and is not repeated by a replay. */
export type JobSinks = {
  readonly metrics: {
    /** A job is overdue. */
    overdue(provider: string): void;
    /** A job has ended, and this has found it out. */
    ended(provider: string, by: CompletedBy): void;
  };
};
