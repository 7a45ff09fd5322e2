import { allHandlersFinished, CancellationScope, condition, workflowInfo } from '@temporalio/workflow';
import type { JobInput, JobResult } from '../src/domain/job-run';
import { applyStatus } from './job/apply-status';
import { askNow, askToCancel, canceledHere } from './job/ask';
import { checkInput } from './job/check-input';
import { continueAsNew } from './job/continue-as-new';
import { cancelHeartbeatDeadline, failedByTimeout, recordMissedHeartbeat, startDeadlines } from './job/deadlines';
import { type Deliveries, startDeliveries } from './job/deliveries';
import { handleMessages } from './job/messages';
import { nextStep } from './job/next-step';
import { finish, showCurrentDetails } from './job/operator-view';
import { type Poll, startPoll } from './job/poll';
import { releaseResources } from './job/release';
import { beginRun, type Run } from './job/run';

/**
 * One job somewhere else: wait until it may have ended, ask its provider what is true, notify everyone.
 *
 * Three ways lead out of the waiting, and the first wins: a `completion` signal, a missed heartbeat deadline and the
 * fallback poll. All three lead to the same question, and only its answer decides. Where a provider has no status API the
 * authenticated reports are the answer, and a missed deadline counts as a missed heartbeat.
 */
export async function job(input: JobInput): Promise<JobResult> {
  const run = beginRun(checkInput(input));
  noteCancellation(run);
  // A cancellation is a wish that is passed on to the provider. It does not end the run.
  return CancellationScope.nonCancellable(async () => {
    const deliveries = startDeliveries(run);
    if (run.input.initial && !run.input.carried) applyStatus(run, deliveries, run.input.initial, 'signal');
    const poll = startPoll(run);
    startDeadlines(run);
    handleMessages(run, deliveries, poll);
    return watchAndNotify(run, deliveries, poll);
  });
}

async function watchAndNotify(run: Run, deliveries: Deliveries, poll: Poll): Promise<JobResult> {
  const { state } = run;
  const decide = () =>
    nextStep(run, {
      historyIsLong: workflowInfo().continueAsNewSuggested,
      handlersFinished: allHandlersFinished(),
      firstAttemptsUnderWay: deliveries.firstAttemptsUnderWay(),
    });

  for (;;) {
    showCurrentDetails(run);
    await condition(() => decide().kind !== 'wait');
    const step = decide();
    switch (step.kind) {
      case 'ask': {
        state.hintPending = false;
        // A hint that came too early leaves the deadline alone: only a heartbeat moves it.
        if (run.missedDeadline) cancelHeartbeatDeadline(run);
        const answer = await askNow(run);
        if (answer.kind === 'status') applyStatus(run, deliveries, answer.status, step.by);
        // A job that its provider does not know is left to the poll under way, which counts how long that has been so.
        if (answer.kind === 'no_answer') poll.restart({ ask: 'now', by: step.by });
        else if (answer.kind === 'status') poll.restart({ ask: 'later' });
        break;
      }
      case 'take_poll_answer':
        applyStatus(run, deliveries, step.answer.status, step.answer.by);
        poll.resume();
        break;
      case 'ignore_hint':
        state.hintPending = false; // there is nobody to ask, and a hint is never believed
        break;
      case 'record_missed_heartbeat':
        recordMissedHeartbeat(run, deliveries);
        break;
      case 'time_out':
        applyStatus(run, deliveries, failedByTimeout(run), 'heartbeat');
        break;
      case 'cancel_at_provider':
        state.cancellation = await askToCancel(run);
        if (state.cancellation === 'unsupported') applyStatus(run, deliveries, canceledHere(run), 'signal');
        else poll.restart({ ask: 'now', by: 'poll' });
        break;
      case 'release':
        releaseResources(run);
        break;
      case 'continue_as_new':
        return continueAsNew(run);
      case 'finish':
        return finish(run, step.completedBy);
      case 'wait':
        break;
    }
  }
}

function noteCancellation(run: Run): void {
  CancellationScope.current().cancelRequested.catch(() => {
    if (run.state.cancellation === 'none') run.state.cancellation = 'requested_here';
  });
}
