import type { CompletedBy } from '../../src/domain/job-run';
import { isTerminal } from '../../src/domain/job-state';
import type { JobStatus } from '../../src/domain/job-status';
import type { Deliveries } from './deliveries';
import type { Run } from './run';

/** Takes in how the job is. Terminal states absorb; the others are told to whoever listens to them. */
export function learn(run: Run, deliveries: Deliveries, status: JobStatus, by: CompletedBy): void {
  if (run.completedBy) return;
  const before = run.status;
  run.status = status;
  if (isTerminal(status.state)) {
    run.completedBy = by;
    return;
  }
  if (status.state === 'RUNNING' && !run.runningTold) {
    run.runningTold = true;
    deliveries.tell('job.running');
  }
  if (status.progress && JSON.stringify(status.progress) !== JSON.stringify(before.progress)) {
    deliveries.tell('job.progress');
  }
}
