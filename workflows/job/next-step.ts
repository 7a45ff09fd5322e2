import type { CompletedBy } from '../../src/domain/job-run';
import { type Answered, canAsk, isOpen, type Run } from './run';

/** What the run has to do next. */
export type Step =
  /** @property until epoch ms: when there may be something to do though nothing happens. Absent: never. */
  | { readonly kind: 'wait'; readonly until?: number }
  // while the job is open
  | { readonly kind: 'ask'; readonly by: CompletedBy }
  | { readonly kind: 'take_answer'; readonly answer: Answered }
  | { readonly kind: 'ignore_question' }
  | { readonly kind: 'record_missed_heartbeat' }
  | { readonly kind: 'time_out' }
  | { readonly kind: 'publish_overdue' }
  | { readonly kind: 'cancel_at_provider' }
  // once it has ended
  | { readonly kind: 'release' }
  | { readonly kind: 'finish'; readonly completedBy: CompletedBy }
  // at any time
  | { readonly kind: 'continue_as_new' };

/** What the run's surroundings are like just now. */
export interface Surroundings {
  /** Epoch ms. */
  readonly now: number;
  /** Temporal suggests continue-as-new. */
  readonly historyIsLong: boolean;
  /** No signal or update is being handled. */
  readonly handlersFinished: boolean;
  /** Deliveries are at something that only this run can finish. */
  readonly deliveriesAreBound: boolean;
}

/** A run asks its provider once in this time at most; only the first look does not count. */
export const QUESTION_FLOOR_MS = 1_000;

/** The order in which a run does what there is to do, as a function of what it knows. */
export function nextStep(run: Run, surroundings: Surroundings): Step {
  const { phase } = run.state;
  const step =
    phase.kind === 'notifying' || phase.kind === 'done'
      ? stepAfterEnd(run, phase.completedBy, surroundings)
      : stepWhileOpen(run, surroundings);
  if (step.kind !== 'wait') return step;
  const { historyIsLong, handlersFinished, deliveriesAreBound } = surroundings;
  const isBound = !handlersFinished || deliveriesAreBound || isAboutToAct(run);
  return historyIsLong && !isBound ? { kind: 'continue_as_new' } : step;
}

/** What a next run would not know: a missed deadline, acted on within a second, and the questions of half a minute after a cancellation. */
function isAboutToAct(run: Run): boolean {
  return isOpen(run) && (run.missedDeadline || run.asksAfterCancellation);
}

function stepWhileOpen(run: Run, { now }: Surroundings): Step {
  const { question, cancellation, askedAt } = run.state;
  if (run.answer) return { kind: 'take_answer', answer: run.answer };
  if (run.timedOut) return { kind: 'time_out' };
  if (run.overdue) return { kind: 'publish_overdue' };
  if (!canAsk(run)) {
    if (run.missedDeadline) return { kind: 'record_missed_heartbeat' };
    if (question) return { kind: 'ignore_question' };
  }
  const by = question === 'signal' ? 'signal' : run.missedDeadline ? 'heartbeat' : question;
  const mayAskAt = (askedAt ?? 0) + QUESTION_FLOOR_MS;
  if (by && now >= mayAskAt) return { kind: 'ask', by };
  if (cancellation === 'requested_here' && !run.isCanceling) return { kind: 'cancel_at_provider' };
  return by ? { kind: 'wait', until: mayAskAt } : { kind: 'wait' };
}

function stepAfterEnd({ state, release }: Run, completedBy: CompletedBy, { handlersFinished }: Surroundings): Step {
  if (state.holdsResources && release === 'idle') return { kind: 'release' };
  return state.pending.length === 0 && !state.holdsResources && handlersFinished
    ? { kind: 'finish', completedBy }
    : { kind: 'wait' };
}
