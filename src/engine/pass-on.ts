import { createBoundedMap } from '../async/bounded-map';
import { createBoundedQueue } from '../async/bounded-queue';
import type { PassedEvent } from '../domain/event';
import { isPassedThroughEventType } from '../domain/event-type';
import { defaultIdempotencyKey, type JobName, workflowIdOf } from '../domain/identity';
import type { JobInput, JobMemo } from '../domain/job-run';
import { JobHeraldError } from '../domain/jobherald-error';
import { makePassedEvent } from '../domain/make-event';
import { noticeWorkflowId } from '../domain/notice';
import { noticesQueue } from '../domain/scope-watch';
import type { Subscription } from '../domain/subscription';
import { canonicalName } from '../submission/resolve-submission';
import { settingsFor } from '../submission/subscriptions';
import { startEventNotice } from './notices';
import { readRunInput } from './run-history';
import { describeJob, jobNotFound } from './signal-job';
import { type EngineOptions, trackJob } from './start-run';

/**
 * Passes on what a provider says of something that is not a job's own state. Each event is a run of its own, on a task queue
 * of its own: however many there are, they are no part of the job's run, and no job's end waits behind them.
 */
export interface PassOn {
  /**
   * To the endpoints of a job that are subscribed to the event; where there are none nothing is started.
   * @throws {JobHeraldError} `job_not_found`; `unavailable` where too many wait; `unprocessable` for one that is too large
   */
  passOn(provider: string, job: string, event: PassedEvent): Promise<void>;
  /**
   * An event that belongs to no job: to every configured endpoint that is subscribed to it.
   * @param event `workflow_id` is that of the run which does it: the same again starts nothing
   */
  passOnWithoutJob(provider: string, event: PassedEvent & { readonly workflow_id: string }): Promise<void>;
}

/** Starts at a time, and events that may wait for theirs. */
const AT_ONCE = 20;
const MAX_WAITING = 1_000;

/** Who listens to a job is asked once in this time, and of a job that may still be submitted more often. */
const REMEMBERED_MS = 60_000;
const REMEMBERED_WHILE_TRACKED_MS = 5_000;
const MAX_REMEMBERED = 500;

export function createPassOn(options: EngineOptions): PassOn {
  const { client, config, providers } = options;
  const taskQueue = noticesQueue(config.temporal.taskQueue);
  const starts = createBoundedQueue({
    atOnce: AT_ONCE,
    waiting: MAX_WAITING,
    full: () =>
      new JobHeraldError('unavailable', `${MAX_WAITING} events wait to be passed on; send this one again later`),
  });
  const listenersOf = rememberListeners(options);

  return {
    passOn: (provider, job, event) =>
      starts.run(async () => {
        const name = { provider, job: canonicalName(providers, provider, job) };
        const { input, subscriptions } = await listenersOf(name);
        if (subscriptions.length === 0) return;
        const passed = makePassedEvent(input, event);
        const workflowId = noticeWorkflowId(name, passed.id);
        const { trace } = input;
        await startEventNotice(client, taskQueue, { workflowId, event: passed, subscriptions, trace });
      }),

    passOnWithoutJob: (provider, { workflow_id, ...event }) =>
      starts.run(async () => {
        const passed = { ...makePassedEvent(withoutJob(provider), event), workflow_id };
        const subscriptions = config.endpoints.map(({ name, events, format }) => ({
          endpoint: name,
          events,
          format,
          ...settingsFor(format, config),
        }));
        await startEventNotice(client, taskQueue, { workflowId: workflow_id, event: passed, subscriptions });
      }),
  };
}

/** A job, and those of its subscriptions that can be of any use to an event that is passed on. */
interface Listeners {
  readonly input: Omit<JobInput, 'subscriptions'>;
  readonly subscriptions: readonly Subscription[];
}

/** Reads who listens to a job from the argument of its run, and remembers it for a while. */
function rememberListeners(options: EngineOptions): (name: JobName) => Promise<Listeners> {
  const remembered = createBoundedMap<string, { readonly listeners: Promise<Listeners>; until: number }>(
    MAX_REMEMBERED,
  );

  const read = async (name: JobName): Promise<{ readonly listeners: Listeners; readonly forMs: number }> => {
    const { client, providers } = options;
    let run = await describeJob(client, name);
    if (!run && providers.get(name.provider)?.track.auto) {
      await trackJob(options, name);
      run = await describeJob(client, name);
    }
    if (!run) throw jobNotFound(name);
    // What a run has adopted stands in its own history, or in what it was handed on.
    const { tracked } = (run.memo ?? {}) as Partial<JobMemo>;
    const { subscriptions = [], carried: _, ...input } = await readRunInput(client, run);
    const listening = subscriptions.filter(
      ({ events, selected }) => selected !== undefined || events.some(isPassedThroughEventType),
    );
    const forMs = tracked ? REMEMBERED_WHILE_TRACKED_MS : REMEMBERED_MS;
    return { listeners: { input, subscriptions: listening }, forMs };
  };

  return (name) => {
    const id = workflowIdOf(name);
    const known = remembered.get(id);
    if (known && performance.now() < known.until) return known.listeners;
    const reading = read(name);
    const entry = { listeners: reading.then(({ listeners }) => listeners), until: Number.POSITIVE_INFINITY };
    remembered.set(id, entry);
    reading.then(
      ({ forMs }) => {
        entry.until = performance.now() + forMs;
      },
      () => {
        if (remembered.get(id) === entry) remembered.delete(id);
      },
    );
    return entry.listeners;
  };
}

/** For events that belong to no job. */
function withoutJob(provider: string): Omit<JobInput, 'subscriptions'> {
  const name = { provider, job: '' };
  return { ...name, idempotency_key: defaultIdempotencyKey(name), correlation_id: null, metadata: {}, labels: {} };
}
