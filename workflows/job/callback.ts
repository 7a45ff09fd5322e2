import { upsertMemo } from '@temporalio/workflow';
import type { CallbackAnswer } from '../../src/domain/job-messages';
import { applyStatus } from './apply-status';
import { askForCallback } from './ask';
import type { Deliveries } from './deliveries';
import { readCallback } from './read-message';
import { isOpen, type Run } from './run';

/**
 * Answers the update `callback`: asks the provider what it means, and answers when that is recorded. The end of the
 * job is published in the same workflow task that completes the update, so whoever sent it may forget it before anything
 * is delivered, and nothing is lost.
 */
export async function answerCallback(run: Run, deliveries: Deliveries, argument: unknown): Promise<CallbackAnswer> {
  const callback = readCallback(argument);
  if (!callback) return { effect: 'rejected', reason: 'it names no identity, or its metadata is no object' };
  if (!isOpen(run)) return NO_EFFECT;

  const answer = await askForCallback(run, callback);
  // Also where the answer comes together with the end.
  if (answer.kind === 'over' || !isOpen(run)) return NO_EFFECT;
  if (answer.kind === 'rejected') return { effect: 'rejected', reason: answer.reason };

  if (!run.state.callback) {
    run.state.callback = callback;
    upsertMemo({ watch_key: callback.identity });
  }
  applyStatus(run, deliveries, answer.status, 'signal');
  return { effect: 'recorded' };
}

const NO_EFFECT: CallbackAnswer = { effect: 'no_effect' };
