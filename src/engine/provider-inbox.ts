import { WorkflowUpdateFailedError } from '@temporalio/client';
import { type JobName, signalRequestId, workflowIdOf } from '../domain/identity';
import {
  CALLBACK_UPDATE,
  type CallbackAnswer,
  HEARTBEAT_SIGNAL,
  type HeartbeatMessage,
  STATUS_REPORT_SIGNAL,
  type StatusReportMessage,
} from '../domain/job-messages';
import { JobHeraldError } from '../domain/jobherald-error';
import type { JsonObject } from '../domain/json';
import { canonicalName } from '../submission/resolve-submission';
import { createPassOn, type PassOn } from './pass-on';
import { jobNotFound, sendToOpenRun, signalJob } from './signal-job';
import { type EngineOptions, type TrackedJob, trackJob } from './start-run';

export type { TrackedJob } from './start-run';

/**
 * What a provider's own messages can do, beside the hints that anybody may send. Each call resolves when its effect is
 * safe in Temporal, so that the sender's message can be acknowledged. Methods throw `JobHeraldError`: `unavailable` for
 * what may pass, `job_not_found`, `unprocessable` and `bad_request` for what never will.
 */
export interface ProviderInbox extends PassOn {
  /** Starts to watch a job that a message has announced. `created` is false where it is watched already. */
  track(job: TrackedJob): Promise<{ readonly created: boolean }>;
  /** Takes a status from an authenticated message; also of an unknown job, where the provider tracks those. */
  report(provider: string, job: string, report: StatusReportMessage): Promise<void>;
  /** Takes a heartbeat; also of an unknown job, where the provider tracks those. */
  heartbeat(provider: string, job: string, heartbeat: HeartbeatMessage): Promise<void>;
  /** Takes a callback, and answers whether it is recorded, or can never be used. */
  callback(provider: string, job: string, callback: Callback): Promise<CallbackAnswer>;
}

export interface Callback {
  /** The sender's identity for the message: the same again gets the same answer. */
  readonly idempotency_key?: string;
  readonly identity: string;
  readonly metadata: JsonObject;
  /** What the message calls the job, in the provider's words. */
  readonly ids?: JsonObject;
}

/** {@link ProviderInbox} straight to Temporal, whose own errors come as they are. */
export function createProviderInbox(options: EngineOptions): ProviderInbox {
  const { client, providers } = options;
  const nameOf = (provider: string, job: string): JobName => ({
    provider,
    job: canonicalName(providers, provider, job),
  });
  const signal = (provider: string, job: string, signal: string, message: object, key: string | undefined) =>
    signalJob(options, nameOf(provider, job), { signal, message, key, unknownJob: 'track and signal' });

  return {
    track: (job) => trackJob(options, job),

    async report(provider, job, report) {
      await signal(provider, job, STATUS_REPORT_SIGNAL, report, report.idempotency_key);
    },

    async heartbeat(provider, job, heartbeat) {
      await signal(provider, job, HEARTBEAT_SIGNAL, heartbeat, heartbeat.idempotency_key);
    },

    ...createPassOn(options),

    async callback(provider, job, { idempotency_key, ...callback }) {
      const name = nameOf(provider, job);
      const run = client.workflow.getHandle(workflowIdOf(name));
      const updateId = idempotency_key && signalRequestId(CALLBACK_UPDATE, idempotency_key);
      const send = () =>
        run.executeUpdate<CallbackAnswer, [object]>(CALLBACK_UPDATE, {
          args: [callback],
          ...(updateId && { updateId }),
        });
      try {
        const sent = await sendToOpenRun(client, name, send);
        if (sent.kind === 'unknown') throw jobNotFound(name);
        return sent.kind === 'accepted' ? sent.answer : { effect: 'no_effect', reason: 'the job has ended' };
      } catch (error) {
        // The run closed, or was reset, with the update under way: what it led to is seen when it is sent again.
        if (error instanceof WorkflowUpdateFailedError) {
          throw new JobHeraldError('unavailable', 'the run did not answer the callback; try again', { cause: error });
        }
        throw error;
      }
    },
  };
}
