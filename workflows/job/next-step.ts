import type { CompletedBy } from '../../src/domain/job-run';
import { canAsk, type PollAnswer, type Run } from './run';

/** What the run has to do next. */
export type Step =
  | { readonly kind: 'wait' }
  // while the job is open
  | { readonly kind: 'ask'; readonly by: CompletedBy }
  | { readonly kind: 'take_poll_answer'; readonly answer: PollAnswer }
  | { readonly kind: 'ignore_hint' }
  | { readonly kind: 'record_missed_heartbeat' }
  | { readonly kind: 'time_out' }
  | { readonly kind: 'cancel_at_provider' }
  // once it has ended
  | { readonly kind: 'release' }
  | { readonly kind: 'finish'; readonly completedBy: CompletedBy }
  // at any time
  | { readonly kind: 'continue_as_new' };

/** What the run's surroundings are like just now. */
export interface Surroundings {
  /** Temporal suggests continue-as-new. */
  readonly historyIsLong: boolean;
  /** No signal or update is being handled. */
  readonly handlersFinished: boolean;
  /** One activity is making the first attempts at several endpoints, which only this run can finish. */
  readonly firstAttemptsUnderWay: boolean;
}

/** The order in which a run does what there is to do, as a function of what it knows. */
export function nextStep(run: Run, surroundings: Surroundings): Step {
  const { phase } = run.state;
  const step =
    phase.kind === 'notifying' || phase.kind === 'done'
      ? stepAfterEnd(run, phase.completedBy, surroundings)
      : stepWhileOpen(run);
  if (step.kind !== 'wait') return step;
  const { historyIsLong, handlersFinished, firstAttemptsUnderWay } = surroundings;
  return historyIsLong && handlersFinished && !firstAttemptsUnderWay ? { kind: 'continue_as_new' } : step;
}

function stepWhileOpen(run: Run): Step {
  const { hintPending, cancellation } = run.state;
  if (run.pollAnswer) return { kind: 'take_poll_answer', answer: run.pollAnswer };
  if (run.timedOut) return { kind: 'time_out' };
  if (canAsk(run)) {
    if (hintPending) return { kind: 'ask', by: 'signal' };
    if (run.missedDeadline) return { kind: 'ask', by: 'heartbeat' };
  } else {
    if (run.missedDeadline) return { kind: 'record_missed_heartbeat' };
    if (hintPending) return { kind: 'ignore_hint' };
  }
  return cancellation === 'requested_here' ? { kind: 'cancel_at_provider' } : { kind: 'wait' };
}

function stepAfterEnd({ state, release }: Run, completedBy: CompletedBy, { handlersFinished }: Surroundings): Step {
  if (state.holdsResources && release === 'idle') return { kind: 'release' };
  const isSettled = state.deliveries.every(({ kind }) => kind === 'settled');
  return isSettled && !state.holdsResources && handlersFinished ? { kind: 'finish', completedBy } : { kind: 'wait' };
}
