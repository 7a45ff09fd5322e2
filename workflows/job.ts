import { CancellationScope, condition } from '@temporalio/workflow';
import type { CompletedBy, JobInput, JobResult } from '../src/domain/job-run';
import { isTerminal } from '../src/domain/job-state';
import type { JobStatus } from '../src/domain/job-status';
import { askNow, askToCancel, canceledHere } from './job/ask';
import { continueInANewRun, runIsLong } from './job/continue-as-new';
import { startDeadline } from './job/deadline';
import { type Deliveries, startDeliveries } from './job/deliveries';
import { listen } from './job/inbox';
import { checked } from './job/input';
import { showDone, showEnded, showNow } from './job/operator-view';
import { beginRun, type Run } from './job/run';
import { startStatusWatch } from './job/status-watch';

/**
 * One job somewhere else: wait until it may have ended, ask its provider what is true, tell everyone.
 *
 * Three ways lead out of the waiting, and the first wins: a `completion` signal, a missed heartbeat deadline,
 * and the fallback poll. All three lead to the same question, and only its answer decides.
 */
export async function job(input: JobInput): Promise<JobResult> {
  const run = beginRun(checked(input));
  listen(run);
  // A cancellation is a wish that the provider is asked for, not the end of the run: see `untilEnded`.
  return CancellationScope.nonCancellable(async () => {
    const deliveries = startDeliveries(run);

    if (!run.completedBy) await untilEnded(run, deliveries);

    run.phase = 'notifying';
    deliveries.tellEnd();
    showEnded(run);
    while (!deliveries.areSettled()) {
      await condition(() => deliveries.areSettled() || runIsLong());
      if (runIsLong() && !deliveries.areSettled()) await continueInANewRun(run);
    }

    run.phase = 'done';
    return showDone(run);
  });
}

/** Waits, and asks whenever something says "look now", until the provider says that the job has ended. */
async function untilEnded(run: Run, deliveries: Deliveries): Promise<void> {
  const watch = startStatusWatch(run);
  const deadline = startDeadline(run);

  while (!run.completedBy) {
    run.phase = 'waiting';
    showNow(run);
    const cancelIsToDo = () => run.cancel === 'wanted';
    await condition(() => watch.hasAnswer() || run.hinted || deadline.isMissed() || cancelIsToDo() || runIsLong());

    if (watch.hasAnswer()) {
      const { status, by } = watch.takeAnswer();
      learn(run, deliveries, status, by);
      if (!run.completedBy) watch.goOn();
    } else if (run.hinted || deadline.isMissed()) {
      const by = run.hinted ? 'signal' : 'heartbeat';
      run.hinted = false;
      deadline.forget();
      run.phase = 'fetching';
      const answer = await askNow(run);
      if (typeof answer === 'object') learn(run, deliveries, answer, by);
      if (!run.completedBy && answer !== 'unknown_job') {
        watch.startAfresh(answer === 'no_answer' ? { ask: 'now', by } : { ask: 'later' });
      }
    } else if (cancelIsToDo()) {
      run.cancel = await askToCancel(run);
      if (run.cancel === 'unsupported') learn(run, deliveries, canceledHere(run), 'signal');
      else watch.startAfresh({ ask: 'now', by: 'poll' });
    } else {
      await continueInANewRun(run);
    }
  }
  deadline.forget();
}

/** Takes in what the provider says. Terminal states absorb; the others are told to whoever listens to them. */
function learn(run: Run, deliveries: Deliveries, status: JobStatus, by: CompletedBy): void {
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
