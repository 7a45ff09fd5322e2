import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow';
import type { JobInput, JobResult } from '../src/domain/job-run';
import { askNow, askToCancel, canceledHere } from './job/ask';
import { continueInANewRun, runIsLong } from './job/continue-as-new';
import { startDeadline } from './job/deadline';
import { type Deliveries, startDeliveries } from './job/deliveries';
import { listen } from './job/inbox';
import { checked } from './job/input';
import { learn } from './job/learn';
import { showDone, showNow } from './job/operator-view';
import { startRelease } from './job/release';
import { beginRun, canAsk, type Run } from './job/run';
import { startEndView } from './job/show-end';
import { takeLapse } from './job/silence';
import { type StatusWatch, startStatusWatch } from './job/status-watch';
import { startTimeout, timedOut } from './job/timeout';

/**
 * One job somewhere else: wait until it may have ended, ask its provider what is true, tell everyone.
 *
 * Three ways lead out of the waiting, and the first wins: a `completion` signal, a missed heartbeat deadline,
 * and the fallback poll. All three lead to the same question, and only its answer decides. Where a provider has no
 * status API the authenticated reports are the answer, and a missed deadline is a silence to be told.
 */
export async function job(input: JobInput): Promise<JobResult> {
  const run = beginRun(checked(input));
  noteCancellation(run);
  // A cancellation is a wish that the provider is asked for, not the end of the run: see `untilEnded`.
  return CancellationScope.nonCancellable(async () => {
    const deliveries = startDeliveries(run);
    if (run.input.initial && !run.input.carried) learn(run, deliveries, run.input.initial, 'signal');
    const watch = startStatusWatch(run);
    listen(run, deliveries, watch);

    if (!run.completedBy) await untilEnded(run, deliveries, watch);

    run.phase = 'notifying';
    deliveries.tellEnd();
    showNow(run);
    const end = startEndView(run);
    startRelease(run);
    const isDone = () => deliveries.areSettled() && run.released && allHandlersFinished();
    const isToBeContinued = () => runIsLong() && deliveries.canBeHandedOn() && allHandlersFinished();
    if (!isDone()) end.showSoon();
    while (!isDone()) {
      await condition(() => isDone() || end.isDue() || isToBeContinued());
      if (isDone()) break;
      end.show();
      if (isToBeContinued()) await continueInANewRun(run);
    }

    run.phase = 'done';
    return showDone(run, end.wasShown());
  });
}

/** Waits, and asks whenever something says "look now", until it is known that the job has ended. */
async function untilEnded(run: Run, deliveries: Deliveries, watch: StatusWatch): Promise<void> {
  const deadline = startDeadline(run);
  const timeout = startTimeout(run);
  const cancelIsToDo = () => run.cancel === 'wanted';

  while (!run.completedBy) {
    run.phase = 'waiting';
    showNow(run);
    await condition(
      () =>
        run.completedBy !== null ||
        watch.hasAnswer() ||
        run.hinted ||
        deadline.isMissed() ||
        timeout.isOver() ||
        cancelIsToDo() ||
        runIsLong(),
    );

    if (run.completedBy) {
      break; // a report or a callback has told the end
    } else if (watch.hasAnswer()) {
      const { status, by } = watch.takeAnswer();
      learn(run, deliveries, status, by);
      if (!run.completedBy) watch.goOn();
    } else if (timeout.isOver()) {
      learn(run, deliveries, timedOut(run), 'heartbeat');
    } else if (deadline.isMissed() && !canAsk(run)) {
      deadline.forget();
      takeLapse(run, deliveries);
    } else if (run.hinted && !canAsk(run)) {
      run.hinted = false; // nobody to ask, and a hint is never believed
    } else if (run.hinted || deadline.isMissed()) {
      const by = run.hinted ? 'signal' : 'heartbeat';
      run.hinted = false;
      // A hint that came too early leaves the deadline alone: only a heartbeat moves it.
      if (deadline.isMissed() || (run.input.revision ?? 0) < 2) deadline.forget();
      run.phase = 'fetching';
      const answer = await askNow(run, by);
      if (typeof answer === 'object') learn(run, deliveries, answer, by);
      if (!run.completedBy && answer !== 'unknown_job') {
        watch.startAfresh(answer === 'no_answer' ? { ask: 'now', by } : { ask: 'later' });
      }
    } else if (cancelIsToDo()) {
      run.cancel = canAsk(run) ? await askToCancel(run) : 'unsupported';
      if (run.cancel === 'unsupported') learn(run, deliveries, canceledHere(run), 'signal');
      else watch.startAfresh({ ask: 'now', by: 'poll' });
    } else {
      await continueInANewRun(run);
    }
  }
  deadline.forget();
  timeout.forget();
}

function noteCancellation(run: Run): void {
  CancellationScope.current().cancelRequested.catch(() => {
    if (run.cancel === 'none') run.cancel = 'wanted';
  });
}
