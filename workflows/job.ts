import { allHandlersFinished, CancellationScope, condition, workflowInfo } from '@temporalio/workflow';
import type { CompletedBy, JobInput, JobResult } from '../src/domain/job-run';
import { applyStatus } from './job/apply-status';
import { type Answer, askNow, askToCancel, canceledHere } from './job/ask';
import { checkInput } from './job/check-input';
import { continueAsNew, readReached } from './job/continue-as-new';
import {
  cancelHeartbeatDeadline,
  failedByTimeout,
  publishOverdue,
  recordMissedHeartbeat,
  startDeadlines,
} from './job/deadlines';
import { type Deliveries, startDeliveries } from './job/deliveries';
import { inBackground } from './job/in-background';
import { handleMessages } from './job/messages';
import { nextStep, type Step } from './job/next-step';
import { finish, showCurrentDetails } from './job/operator-view';
import { askAfterCancellation, askUntilAnswered, stopAsking } from './job/question';
import { releaseResources } from './job/release';
import { beginRun, isOpen, type Run } from './job/run';

/**
 * One job somewhere else: wait until it may have ended, ask its provider what is true, notify everyone.
 *
 * A look at submission, a hint, a sweep of the job's scope, a missed heartbeat deadline and the run's own safety timer all
 * lead to the same question, and only its answer decides. Where a provider has no status API the authenticated reports
 * are the answer, and a missed deadline counts as a missed heartbeat.
 */
export async function job(input: JobInput): Promise<JobResult> {
  const run = beginRun(checkInput(input));
  noteCancellation(run);
  // A cancellation is a wish that is passed on to the provider. It does not end the run.
  return CancellationScope.nonCancellable(() => {
    const deliveries = startDeliveries(run);
    if (run.input.initial && !run.input.carried) applyStatus(run, deliveries, run.input.initial, 'signal');
    startDeadlines(run);
    handleMessages(run, deliveries);
    return watchAndNotify(run, deliveries);
  });
}

async function watchAndNotify(run: Run, deliveries: Deliveries): Promise<JobResult> {
  const { state } = run;
  for (;;) {
    const step = whatToDo(run, deliveries);
    switch (step.kind) {
      case 'wait':
        showCurrentDetails(run);
        await somethingToDo(run, deliveries, step);
        break;
      case 'ask':
        noteQuestion(run, step.by);
        takeAnswer(run, deliveries, await askNow(run), step.by);
        break;
      case 'take_answer':
        run.answer = null;
        applyStatus(run, deliveries, step.answer.status, step.answer.by);
        break;
      case 'ignore_question':
        state.question = null; // there is nobody to ask, and a hint is never believed
        break;
      case 'record_missed_heartbeat':
        recordMissedHeartbeat(run, deliveries);
        break;
      case 'time_out':
        applyStatus(run, deliveries, failedByTimeout(run), 'heartbeat');
        break;
      case 'publish_overdue':
        publishOverdue(run, deliveries);
        break;
      case 'cancel_at_provider':
        showCurrentDetails(run);
        inBackground(cancelAtProvider(run, deliveries));
        break;
      case 'release':
        releaseResources(run);
        break;
      case 'continue_as_new': {
        const reached = await readReached(run);
        if (whatToDo(run, deliveries).kind === 'continue_as_new') return continueAsNew(run, reached);
        break; // something has happened meanwhile that this run has to see to
      }
      case 'finish':
        return finish(run, step.completedBy);
    }
  }
}

function whatToDo(run: Run, deliveries: Deliveries): Step {
  return nextStep(run, {
    now: Date.now(),
    historyIsLong: isLong(deliveries),
    handlersFinished: allHandlersFinished(),
    deliveriesAreBound: deliveries.areBound(),
  });
}

/** Waits until there is something else to do than to wait on. */
function somethingToDo(run: Run, deliveries: Deliveries, { until }: Step & { kind: 'wait' }): Promise<unknown> {
  const hasChanged = () => {
    const step = whatToDo(run, deliveries);
    return step.kind !== 'wait' || step.until !== until;
  };
  return until === undefined
    ? condition(hasChanged)
    : condition(hasChanged, until - Date.now(), { summary: 'at most one question a second' });
}

/**
 * Whether a new run is worth while. One that would soon be as long as this, for what is pending has to be repeated in it, is not:
 * runs would follow each other without end.
 */
function isLong(deliveries: Deliveries): boolean {
  const { continueAsNewSuggested, historyLength, historySize } = workflowInfo();
  if (!continueAsNewSuggested) return false;
  return historyLength >= LONG_IN_ANY_CASE || historySize >= 2 * deliveries.pendingBytes();
}

/** Events. Temporal ends a run with 51,200 of them, or with 10,000 signals; what is pending never makes so many. */
const LONG_IN_ANY_CASE = 8_000;

function noteQuestion(run: Run, by: CompletedBy): void {
  const { state } = run;
  // The first look comes before any hint, and must delay none.
  const isFirstLook = state.askedAt === null && by === 'poll';
  state.askedAt = isFirstLook ? 0 : Date.now();
  state.question = null;
  // A hint that came too early leaves the deadline alone: only a heartbeat moves it.
  if (run.missedDeadline) cancelHeartbeatDeadline(run);
}

function takeAnswer(run: Run, deliveries: Deliveries, answer: Answer, by: CompletedBy): void {
  const { state } = run;
  if (!isOpen(run)) return; // a report or a callback has ended the job meanwhile
  if (answer.kind === 'status') {
    stopAsking(run);
    applyStatus(run, deliveries, answer.status, by);
  } else {
    if (answer.kind === 'unknown_job') state.notFoundSince ??= Date.now();
    if (answer.kind === 'unreadable') {
      const { since = Date.now(), times = 0, ...rest } = state.unreadable ?? {};
      state.unreadable = { ...rest, since, times: times + 1 };
    }
    askUntilAnswered(run, by, answer);
  }
}

/** Side by side with everything else: a provider that is slow to cancel the job must not hold up its end. */
async function cancelAtProvider(run: Run, deliveries: Deliveries): Promise<void> {
  run.isCanceling = true;
  run.state.cancellation = await askToCancel(run);
  run.isCanceling = false;
  if (!isOpen(run)) return;
  if (run.state.cancellation === 'unsupported') applyStatus(run, deliveries, canceledHere(run), 'signal');
  else inBackground(askAfterCancellation(run));
}

function noteCancellation(run: Run): void {
  CancellationScope.current().cancelRequested.catch(() => {
    if (run.state.cancellation === 'none') run.state.cancellation = 'requested_here';
  });
}
