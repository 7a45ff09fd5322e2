import { proxySinks } from '@temporalio/workflow';
import { boundedStatus } from '../../src/domain/bounded-status';
import type { CompletedBy } from '../../src/domain/job-run';
import type { JobSinks } from '../../src/domain/job-sinks';
import { isTerminal } from '../../src/domain/job-state';
import type { JobStatus } from '../../src/domain/job-status';
import type { Deliveries } from './deliveries';
import { showEnd, showState } from './operator-view';
import { stopAsking } from './question';
import { isOpen, type Run } from './run';

const { metrics } = proxySinks<JobSinks>();

/**
 * Takes in how the job is, and notifies every endpoint that is subscribed to the change. Terminal states absorb: after one nothing
 * is applied any more.
 * @param by what led to this answer
 */
export function applyStatus(run: Run, deliveries: Deliveries, status: JobStatus, by: CompletedBy): void {
  if (!isOpen(run)) return;
  const { state } = run;
  const before = state.status;
  state.status = boundedStatus(status);
  state.unreadable = null;
  state.notFoundSince = null;
  if (isTerminal(status.state)) {
    state.phase = { kind: 'notifying', completedBy: by };
    stopAsking(run);
    metrics.ended(run.input.provider, by);
    deliveries.publishTerminalEvent();
    showEnd(run, by);
    return;
  }
  if (status.state !== before.state) showState(run);
  if (status.state === 'RUNNING' && !state.runningNotified) {
    state.runningNotified = true;
    deliveries.publish('job.running');
  }
  if (status.progress && JSON.stringify(status.progress) !== JSON.stringify(before.progress)) {
    deliveries.publish('job.progress');
  }
}
