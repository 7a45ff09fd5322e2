import { condition, proxySinks, sleep } from '@temporalio/workflow';
import type { JobSinks } from '../../src/domain/job-sinks';
import type { JobStatus } from '../../src/domain/job-status';
import { applyStatus } from './apply-status';
import type { Deliveries } from './deliveries';
import { inBackground } from './in-background';
import { watchSafetyTimer } from './question';
import { isOpen, type Run } from './run';

const { metrics } = proxySinks<JobSinks>();

/** The timers of an open job: the next heartbeat, which moves; when it is overdue; how long it may take in all; and the safety timer. */
export function startDeadlines(run: Run): void {
  if (!isOpen(run)) return;
  inBackground(watchHeartbeats(run));
  if (run.state.timeoutAt !== null) inBackground(watchTimeout(run, run.state.timeoutAt));
  if (run.state.overdueAt !== null) inBackground(watchOverdue(run, run.state.overdueAt));
  if (run.rules.truth === 'provider') inBackground(watchSafetyTimer(run));
}

/**
 * A heartbeat that moves the deadline further away costs no timer of its own: the timer there is fires, finds that the
 * deadline has moved, and another one waits for the rest.
 */
async function watchHeartbeats(run: Run): Promise<void> {
  const dueAt = () => run.state.heartbeat?.dueAt ?? null;
  while (isOpen(run)) {
    const due = dueAt();
    if (due === null) {
      await condition(() => dueAt() !== null);
    } else if (due > Date.now()) {
      const isEarlier = () => (dueAt() ?? 0) < due;
      await condition(isEarlier, due - Date.now(), { summary: 'heartbeat deadline' });
    } else {
      cancelHeartbeatDeadline(run);
      run.missedDeadline = true;
    }
  }
}

async function watchTimeout(run: Run, timeoutAt: number): Promise<void> {
  await sleep(Math.max(1, timeoutAt - Date.now()), { summary: 'how long the job may take' });
  run.timedOut = true;
}

/** When the job is overdue, once: absolute, so that a continued run keeps it. An adopted submission may set another time. */
export async function watchOverdue(run: Run, overdueAt: number): Promise<void> {
  if (run.state.overdueNotified) return;
  const isMoved = () => run.state.overdueAt !== overdueAt;
  const moved = await condition(isMoved, Math.max(1, overdueAt - Date.now()), { summary: 'when the job is overdue' });
  run.overdue = !moved && isOpen(run);
}

/** An open job has taken longer than expected: publishes it, once, and counts it. */
export function publishOverdue(run: Run, deliveries: Deliveries): void {
  run.overdue = false;
  run.state.overdueNotified = true;
  deliveries.publish('job.overdue');
  metrics.overdue(run.input.provider);
}

/** Until the next heartbeat there is nothing to miss. */
export function cancelHeartbeatDeadline(run: Run): void {
  const { heartbeat } = run.state;
  run.missedDeadline = false;
  if (heartbeat) run.state.heartbeat = { ...heartbeat, dueAt: null };
}

/**
 * A heartbeat deadline was missed, and there is nobody to ask. The first missed heartbeat in a row is published, once, as
 * `job.stalled`; as many in a row as the rules say end the job.
 */
export function recordMissedHeartbeat(run: Run, deliveries: Deliveries): void {
  const { state, rules } = run;
  const { heartbeat } = state;
  cancelHeartbeatDeadline(run);
  if (!rules.stalled || !heartbeat) return;

  const { fail_after } = rules.stalled;
  const missed = heartbeat.missed + 1;
  if (missed === 1) {
    state.stalls++;
    deliveries.publishStalled();
  }
  const isOver = fail_after > 0 && missed >= fail_after;
  // The next deadline counts only where a number of them ends the job.
  const dueAt = fail_after > 0 && !isOver ? Date.now() + heartbeat.withinSeconds * 1000 : null;
  state.heartbeat = { ...heartbeat, missed, dueAt };
  if (isOver) applyStatus(run, deliveries, failedByStall(run, missed, heartbeat.withinSeconds), 'heartbeat');
}

function failedByStall(run: Run, missed: number, withinSeconds: number): JobStatus {
  return failedHere(run, 'STALLED', `No heartbeat came for ${missed} deadlines of ${withinSeconds} s in a row.`);
}

/** The end of a job that took too long. A success that comes later does not undo it. */
export function failedByTimeout(run: Run): JobStatus {
  return failedHere(run, 'TIMED_OUT', `The job did not end within ${run.rules.timeout_seconds} s.`);
}

function failedHere({ state: { status } }: Run, reason: string, message: string): JobStatus {
  return {
    ...status,
    state: 'FAILED',
    provider_state: status.provider_state || 'FAILED',
    reason,
    message,
    ended_at: new Date(Date.now()).toISOString(),
  };
}
