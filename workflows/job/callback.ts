import type { CallbackAnswer } from '../../src/domain/job-messages';
import { askForCallback } from './ask';
import type { Deliveries } from './deliveries';
import { learn } from './learn';
import { readCallback } from './read-signal';
import type { Run } from './run';
import type { StatusWatch } from './status-watch';

/**
 * Answers the update `callback`: asks the provider what it means, and answers when that is recorded. The end of the
 * job is told in the same workflow task that completes the update, so whoever sent it may forget it before anything
 * is published, and nothing can be lost any more.
 */
export async function answerCallback(
  run: Run,
  deliveries: Deliveries,
  watch: StatusWatch,
  argument: unknown,
): Promise<CallbackAnswer> {
  const callback = readCallback(argument);
  if (!callback) return { effect: 'rejected', reason: 'it names no identity, or its metadata is no object' };
  if (run.completedBy) return NO_EFFECT;

  const answer = await askForCallback(run, callback);
  if (run.completedBy) return NO_EFFECT; // by something else, while the provider was being asked
  if ('refused' in answer) return { effect: 'rejected', reason: answer.refused };

  run.callback ??= callback;
  learn(run, deliveries, answer, 'signal');
  if (run.completedBy) deliveries.tellEnd();
  else watch.startAfresh({ ask: 'later' });
  return { effect: 'recorded' };
}

const NO_EFFECT: CallbackAnswer = { effect: 'no_effect' };
