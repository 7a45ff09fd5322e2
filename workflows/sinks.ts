import type { Sinks } from '@temporalio/workflow';

/** What runs count in the metrics of their worker. It costs no history event, and is not repeated by a replay. */
export interface JobSinks extends Sinks {
  readonly metrics: {
    /** A job is overdue. */
    overdue(provider: string): void;
  };
}
