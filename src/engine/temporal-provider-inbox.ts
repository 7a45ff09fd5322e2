import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/common';
import type { Config } from '../config/config';
import type { DeliveryRequest } from '../domain/delivery-request';
import type { JobEvent } from '../domain/event';
import { defaultIdempotencyKey, type JobName, signalRequestId, workflowIdOf } from '../domain/identity';
import {
  CALLBACK_UPDATE,
  type CallbackAnswer,
  HEARTBEAT_SIGNAL,
  PASS_ON_SIGNAL,
  type PassedEvent,
  STATUS_REPORT_SIGNAL,
} from '../domain/job-messages';
import { type JobInput, NO_PROGRESS, NOT_ASKED_YET } from '../domain/job-run';
import { JobHeraldError } from '../domain/jobherald-error';
import { makePassedEvent } from '../domain/make-event';
import { NOTICE_WORKFLOW_TYPE } from '../domain/notice';
import type { Subscription } from '../domain/subscription';
import { render } from '../formats/render';
import { isSubscribed } from '../formats/vocabulary';
import type { Provider } from '../providers/provider';
import { canonicalName, resolveSubmission } from '../submission/resolve-submission';
import { sourceFor } from '../submission/subscriptions';
import { describeJob } from './describe-job';
import { jobNotFound } from './job-not-found';
import type { ProviderInbox, TrackedJob } from './provider-inbox';
import { readRunInput } from './read-run-input';
import { sendToOpenRun } from './send-to-open-run';
import { signalRun } from './signal-run';
import { startUnlessThere } from './start-run';
import { mapTemporalErrors } from './temporal-errors';

export interface TemporalInboxOptions {
  readonly client: Client;
  readonly config: Config;
  readonly providers: ReadonlyMap<string, Provider>;
}

/** {@link ProviderInbox} straight to Temporal. */
export function createTemporalProviderInbox({ client, config, providers }: TemporalInboxOptions): ProviderInbox {
  const { taskQueue } = config.temporal;
  const named = (provider: string, job: string): JobName => ({
    provider,
    job: canonicalName(providers, provider, job),
  });

  const track = async (job: TrackedJob): Promise<{ created: boolean }> => {
    const { correlation_id, origin, initial, timeout_seconds } = job;
    const endpoints = providers.get(job.provider)?.track.endpoints ?? [];
    const submission = { provider: job.provider, job: job.job, endpoints, ...(correlation_id && { correlation_id }) };
    const { input, sha256 } = resolveSubmission(submission, config, providers);
    const rules =
      timeout_seconds === undefined ? input.rules : { truth: 'provider' as const, ...input.rules, timeout_seconds };
    const tracked: JobInput = {
      ...input,
      ...(rules && { rules }),
      ...(origin && { origin }),
      ...(initial && { initial }),
    };
    const runId = await startUnlessThere(client, taskQueue, { input: tracked, sha256 });
    return { created: runId !== undefined };
  };

  /**
   * Signals the job's run; makes one first where there is none and the provider tracks what it hears of. `done`: the
   * job has ended, and nobody was signalled.
   */
  const signal = async (
    name: JobName,
    what: string,
    argument: object,
    key: string | undefined,
  ): Promise<'taken' | 'done'> => {
    const send = () => signalRun(client, workflowIdOf(name), what, argument, key);
    const { state } = await sendToOpenRun(client, name, send);
    if (state !== 'unknown') return state;
    if (!providers.get(name.provider)?.track.auto) throw jobNotFound(name);
    await track(name);
    await send();
    return 'taken';
  };

  /** Tells an event by a run of its own, for there is no run of its job to do it. */
  const tell = async (event: JobEvent, subscriptions: readonly Subscription[], workflowId: string): Promise<void> => {
    const requests = subscriptions
      .filter((subscription) => isSubscribed(subscription, event))
      .map((subscription): DeliveryRequest => requestOf(event, subscription));
    if (requests.length === 0) return;
    try {
      await client.workflow.start(NOTICE_WORKFLOW_TYPE, {
        taskQueue,
        workflowId,
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        args: [{ requests }],
        staticSummary: `${event.type} → ${requests.map((request) => request.subscription.endpoint).join(', ')}`.slice(
          0,
          200,
        ),
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  };

  const passOnAfterTheEnd = async (name: JobName, event: PassedEvent): Promise<void> => {
    const description = await describeJob(client, name);
    if (!description) throw jobNotFound(name);
    const input = await readRunInput(client, description);
    const moment = { input, status: NOT_ASKED_YET, sequence: 0, now: Date.now() };
    const passed = makePassedEvent(moment, event);
    await tell(passed, input.subscriptions, `notice/${passed.id}`);
  };

  return {
    track: (job) => mapTemporalErrors(() => track({ ...job, ...named(job.provider, job.job) })),

    report: (provider, job, report) =>
      mapTemporalErrors(async () => {
        await signal(named(provider, job), STATUS_REPORT_SIGNAL, report, report.idempotency_key);
      }),

    beat: (provider, job, heartbeat) =>
      mapTemporalErrors(async () => {
        await signal(named(provider, job), HEARTBEAT_SIGNAL, heartbeat, heartbeat.idempotency_key);
      }),

    passOn: (provider, job, event) =>
      mapTemporalErrors(async () => {
        const name = named(provider, job);
        const state = await signal(name, PASS_ON_SIGNAL, event, event.key);
        if (state === 'done') await passOnAfterTheEnd(name, event);
      }),

    passOnWithoutJob: (provider, { workflow_id, ...event }) =>
      mapTemporalErrors(async () => {
        const moment = { input: withoutJob(provider), status: NOT_ASKED_YET, sequence: 0, now: Date.now() };
        const passed = { ...makePassedEvent(moment, event), workflow_id };
        await tell(
          passed,
          config.endpoints.map(({ name, events, format }) => ({
            endpoint: name,
            events,
            format,
            ...sourceFor(format, config),
          })),
          workflow_id,
        );
      }),

    callback: (provider, job, { idempotency_key, ...callback }) =>
      mapTemporalErrors(async (): Promise<CallbackAnswer> => {
        const name = named(provider, job);
        const handle = client.workflow.getHandle(workflowIdOf(name));
        const updateId = idempotency_key && signalRequestId(CALLBACK_UPDATE, idempotency_key);
        const send = () =>
          handle.executeUpdate<CallbackAnswer, [object]>(CALLBACK_UPDATE, {
            args: [callback],
            ...(updateId && { updateId }),
          });
        try {
          const sent = await sendToOpenRun(client, name, send);
          if (sent.state === 'unknown') throw jobNotFound(name);
          return sent.state === 'taken' ? sent.answer : { effect: 'no_effect', reason: 'the job has ended' };
        } catch (error) {
          // The run ended, or was reset, with the update under way: what it led to is seen when it comes again.
          if (error instanceof WorkflowUpdateFailedError) {
            throw new JobHeraldError('unavailable', 'the run did not answer the callback; try again', { cause: error });
          }
          throw error;
        }
      }),
  };
}

function requestOf(event: JobEvent, subscription: Subscription): DeliveryRequest {
  return {
    provider: event.data.provider,
    job: event.data.job,
    delivery_id: `${subscription.endpoint}/${event.id}`,
    event_type: event.type,
    subscription,
    message: render(event, subscription),
    progress: NO_PROGRESS,
  };
}

/** For events that belong to no job. */
function withoutJob(provider: string): Omit<JobInput, 'subscriptions'> {
  const name = { provider, job: '' };
  return { ...name, idempotency_key: defaultIdempotencyKey(name), correlation_id: null, metadata: {}, labels: {} };
}
