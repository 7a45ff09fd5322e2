import { randomUUID } from 'node:crypto';
import type { Jobs, ProviderInbox } from '../../../engine';
import { acceptedStatus, isPluginType, runnerNotSupportedStatus } from '../first-status';
import { type Read, readCallback, readCancellation, readDispatch } from '../messages';

const MONAI = 'monai';

/** What a message came to. done: safe in Temporal, or of no effect · never: can never be used, goes to the dead letters. */
export interface Taken {
  readonly verdict: 'done' | 'never';
  /** For the log. */
  readonly job?: string;
  readonly reason?: string;
}

/**
 * Does what a message wants, to the point where it is safe in Temporal; so trying again is harmless.
 * @throws {JobHeraldError}
 */
export type Attempt = () => Promise<Taken>;

/** How the messages of one queue are read. A message that cannot be used is known before anything is attempted. */
export type Taker = (bytes: Buffer) => Attempt | Taken;

/** `md.tasks.dispatch`: a run for the task, which publishes Accepted. */
export const takeDispatch =
  (inbox: ProviderInbox): Taker =>
  (bytes) =>
    attemptOf(readDispatch(bytes), (dispatch) => async () => {
      const { execution_id: job, correlation_id, type } = dispatch;
      const supported = isPluginType(type);
      const initial = supported ? acceptedStatus() : runnerNotSupportedStatus(type);
      const { created } = await inbox.track({ provider: MONAI, job, correlation_id, origin: { ...dispatch }, initial });
      // Its update is in the run, so that nothing is lost with the message.
      if (!supported) return { verdict: 'never', job, reason: `no plug-in for tasks of type ${type.slice(0, 64)}` };
      return created ? { verdict: 'done', job } : { verdict: 'done', job, reason: 'the task is known already' };
    });

/** `md.tasks.callback`: the plug-in's service is asked, and the end recorded with its update. */
export const takeCallback =
  (inbox: ProviderInbox): Taker =>
  (bytes) =>
    attemptOf(readCallback(bytes), ({ identity, metadata, ...ids }) => {
      const job = ids.execution_id;
      // Of this delivery, not of the message: tried again in place it is the same update, but a message that somebody
      // moves back from the dead letters is asked about anew.
      const idempotency_key = randomUUID();
      return async () => {
        const { effect, reason } = await inbox.callback(MONAI, job, { idempotency_key, identity, metadata, ids });
        return { verdict: effect === 'rejected' ? 'never' : 'done', job, ...(reason && { reason }) };
      };
    });

/** `md.tasks.cancellation`: a wish that the run passes on. */
export const takeCancellation =
  (jobs: Pick<Jobs, 'cancel'>): Taker =>
  (bytes) =>
    attemptOf(readCancellation(bytes), ({ execution_id: job }) => async () => {
      await jobs.cancel(MONAI, job);
      return { verdict: 'done', job };
    });

function attemptOf<T>(message: Read<T>, attempt: (value: T) => Attempt): Attempt | Taken {
  return message.kind === 'read' ? attempt(message.value) : { verdict: 'never', reason: message.reason };
}
