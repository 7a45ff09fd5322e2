import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { encodeToPayloads } from '@temporalio/common/lib/internal-non-workflow';
import { type BoundedMap, createBoundedMap } from '../async/bounded-map';
import { type JobName, signalRequestId, workflowIdOf } from '../domain/identity';
import { WORKFLOW_TYPE } from '../domain/job-messages';
import { JobHeraldError } from '../domain/jobherald-error';
import { type EngineOptions, trackJob } from './start-run';
import { isNotFound, isRunFull } from './temporal-errors';

/** A run that is open when it is described accepts the message at the next attempt; it may have closed by then, once. */
const ATTEMPTS = 3;

export type Sent<T> =
  | { readonly kind: 'accepted'; readonly answer: T }
  /** The job's last run is closed: terminal states absorb. */
  | { readonly kind: 'ended' }
  /** Temporal knows no run of the job. */
  | { readonly kind: 'unknown' };

export interface JobSignal {
  readonly signal: string;
  readonly message: object;
  /** The sender's idempotency key, or the transport's message ID. undefined: the signal is like no other. */
  readonly key: string | undefined;
  /**
   * For a job without a run. refuse: `job_not_found` · track: its run is started, where the provider tracks unknown jobs,
   * and asks the provider at once, so the signal is not needed any more · track and signal: that run gets the signal, too.
   */
  readonly unknownJob: 'refuse' | 'track' | 'track and signal';
}

/**
 * Signals a job's run. Resolves when the signal is safe in Temporal; `ended`: the job has ended, and nothing was signalled.
 * @throws {JobHeraldError} `job_not_found`
 */
export async function signalJob(
  options: EngineOptions,
  name: JobName,
  { signal, message, key, unknownJob }: JobSignal,
): Promise<'accepted' | 'ended'> {
  const { client, providers } = options;
  const send = () => signalOpenRun(client, name, signal, message, key);
  const { kind } = await sendToOpenRun(client, name, send);
  if (kind !== 'unknown') return kind;
  if (unknownJob === 'refuse' || !providers.get(name.provider)?.track.auto) throw jobNotFound(name);
  await trackJob(options, name);
  if (unknownJob === 'track and signal') await send();
  return 'accepted';
}

/**
 * How long a run that takes no more messages is given to continue as new: where a worker is up it does so within a second.
 * After that each message is tried once, so that thousands of them pass without a wait for each.
 */
const FULL_FOR_MS = 2_500;
const FULL_PAUSE_MS = 250;
const MAX_FULL_RUNS = 1_000;

/** Since when runs have been full, by their job. */
const fullSince = new WeakMap<Client, BoundedMap<string, number>>();

/** @throws {JobHeraldError} `unprocessable` for a message that the run cannot take */
async function whileFull<T>(client: Client, name: JobName, send: () => Promise<T>): Promise<T> {
  const known = fullSince.get(client) ?? createBoundedMap<string, number>(MAX_FULL_RUNS);
  fullSince.set(client, known);
  const id = workflowIdOf(name);
  for (;;) {
    try {
      const answer = await send();
      known.delete(id);
      return answer;
    } catch (cause) {
      if (!isRunFull(cause)) throw cause;
      const since = known.get(id) ?? performance.now();
      known.set(id, since);
      if (performance.now() - since > FULL_FOR_MS) {
        const detail = `the run of ${name.provider} job ${name.job} takes no more messages: Temporal's limit for one run is reached`;
        throw new JobHeraldError('unprocessable', detail, { cause });
      }
    }
    await sleep(FULL_PAUSE_MS);
  }
}

/**
 * Sends a message to the open run of a job. Where Temporal finds none, the job's last run is looked up: one that is open
 * then was started between the two, by a dispatch or a submission, and the message is for it.
 * @throws {JobHeraldError} `unavailable` where run after run closed meanwhile, `unprocessable` where the run takes no more
 *   messages; whatever else `send` throws
 */
export async function sendToOpenRun<T>(client: Client, name: JobName, send: () => Promise<T>): Promise<Sent<T>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      return { kind: 'accepted', answer: await whileFull(client, name, send) };
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    const description = await describeJob(client, name);
    if (description === undefined) return { kind: 'unknown' };
    if (description.status.name !== 'RUNNING') return { kind: 'ended' };
  }
  throw new JobHeraldError('unavailable', 'The run of the job is starting or ending right now; try again.');
}

/** The last run of a job, open or retained; undefined where there is none. */
export async function describeJob(client: Client, name: JobName): Promise<WorkflowExecutionDescription | undefined> {
  try {
    const description = await client.workflow.getHandle(workflowIdOf(name)).describe();
    return description.type === WORKFLOW_TYPE ? description : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

export function jobNotFound({ provider, job }: JobName): JobHeraldError {
  return new JobHeraldError(
    'job_not_found',
    `no run of ${provider} job ${job}, open or retained by Temporal; submit it first with POST /v1/jobs`,
  );
}

/**
 * Signals with a request ID of ours: the same key again does not even enter the history. The SDK's own `signal()` draws
 * a random one, so this is the raw call, with the client's own data converter.
 * @throws gRPC NOT_FOUND where no run is open
 */
async function signalOpenRun(
  client: Client,
  name: JobName,
  signal: string,
  message: object,
  key: string | undefined,
): Promise<void> {
  const { namespace, identity, loadedDataConverter } = client.options;
  await client.workflowService.signalWorkflowExecution({
    namespace,
    identity,
    workflowExecution: { workflowId: workflowIdOf(name) },
    signalName: signal,
    requestId: key === undefined ? randomUUID() : signalRequestId(signal, key),
    input: { payloads: (await encodeToPayloads(loadedDataConverter, message)) ?? null },
  });
}
