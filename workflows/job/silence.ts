import type { JobStatus } from '../../src/domain/job-status';
import type { Deliveries } from './deliveries';
import { learn } from './learn';
import type { Run } from './run';

/**
 * A heartbeat deadline was missed, and there is nobody to ask. The first miss of a silence is told once, as
 * `job.stalled`; so many in a row as the rules say end the job.
 */
export function takeLapse(run: Run, deliveries: Deliveries): void {
  const { stalled } = run.rules;
  if (!stalled) return;

  run.lapses++;
  if (run.lapses === 1) {
    run.stalls++;
    deliveries.tellStalled();
  }
  if (stalled.fail_after > 0 && run.lapses >= stalled.fail_after) {
    learn(run, deliveries, fallenSilent(run), 'heartbeat');
  } else if (stalled.fail_after > 0 && run.deadlineSeconds !== null) {
    run.deadline = Date.now() + run.deadlineSeconds * 1000;
  }
}

/** The end of a job that nothing has been heard of for too long. */
function fallenSilent({ status, lapses, deadlineSeconds }: Run): JobStatus {
  return {
    ...status,
    state: 'FAILED',
    provider_state: status.provider_state || 'FAILED',
    reason: 'STALLED',
    message: `No heartbeat came for ${lapses} deadlines of ${deadlineSeconds} s in a row.`,
    ended_at: new Date(Date.now()).toISOString(),
  };
}
