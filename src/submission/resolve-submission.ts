import type { Submission } from '../../schemas/types';
import type { Config } from '../config/config';
import { parseDuration } from '../domain/duration';
import { defaultIdempotencyKey, workflowIdOf } from '../domain/identity';
import { type JobInput, MAX_ENDPOINTS, MAX_INPUT_BYTES } from '../domain/job-run';
import { type Fault, JobHeraldError } from '../domain/jobherald-error';
import { holdsLargeInteger } from '../domain/json';
import { jsonBytes } from '../domain/text-size';
import { ASK_THE_PROVIDER, type WatchRules } from '../domain/watch-rules';
import { type Provider, ProviderError } from '../providers/provider';
import { SYSTEMS } from '../providers/registry';
import type { ResolvedNotifications } from '../providers/system';
import { watchingOf } from '../providers/watching-of';
import { submissionFingerprint } from './fingerprint';
import { unknownProvider } from './refusals';
import { type DefaultEvents, resolveSubscriptions, settingsFor } from './subscriptions';

/** Temporal's own limit is 1000; 255 is what every store behind it can index. */
const MAX_WORKFLOW_ID_BYTES = 255;
const MAX_METADATA_AND_LABELS_BYTES = 32 * 1024;

export interface ResolvedSubmission {
  readonly input: JobInput;
  /** See {@link submissionFingerprint}. */
  readonly sha256: string;
}

/**
 * Turns a well-formed submission into the argument of a run: canonical name, key, endpoints with events and format.
 * @throws {JobHeraldError} `unprocessable` with every fault, `too_large`, or `bad_request` for integers beyond 2^53
 */
export function resolveSubmission(
  submission: Submission,
  config: Config,
  providers: ReadonlyMap<string, Provider>,
): ResolvedSubmission {
  // First of all: resolving each of a hundred thousand would take its time.
  for (const member of listsOf(submission)) refuseTooMany(submission, member);
  const { metadata = {}, labels = {} } = submission;
  const size = Buffer.byteLength(JSON.stringify(metadata)) + Buffer.byteLength(JSON.stringify(labels));
  if (size > MAX_METADATA_AND_LABELS_BYTES) {
    throw new JobHeraldError('too_large', `metadata and labels are ${size} bytes; together they may be 32 KiB`);
  }

  if (holdsLargeInteger(metadata)) {
    const detail = 'holds an integer beyond 2^53, which has been or will be rounded; send it as a text';
    throw new JobHeraldError('bad_request', `metadata ${detail}`, { faults: [{ pointer: '/metadata', detail }] });
  }

  const job = canonicalName(providers, submission.provider, submission.job);
  const provider = providers.get(submission.provider);
  const rules = rulesOf(provider);
  const overdueAfterMs =
    submission.overdue_after === undefined ? provider?.overdueAfterMs : parseDuration(submission.overdue_after);
  const { subscriptions, faults } = resolveNotified(submission, config, { overdue: overdueAfterMs != null });
  const name = { provider: submission.provider, job };
  if (Buffer.byteLength(workflowIdOf(name)) > MAX_WORKFLOW_ID_BYTES) {
    throw unprocessable([
      { pointer: '/job', detail: `provider and job together may be ${MAX_WORKFLOW_ID_BYTES} bytes` },
    ]);
  }
  if (overdueAfterMs != null && overdueAfterMs <= 0) {
    throw unprocessable([...faults, { pointer: '/overdue_after', detail: 'must be more than 0' }]);
  }
  if (faults.length > 0) throw unprocessable(faults);

  const input: JobInput = {
    ...name,
    idempotency_key: submission.idempotency_key ?? defaultIdempotencyKey(name),
    correlation_id: submission.correlation_id ?? provider?.correlationId?.(job) ?? null,
    subscriptions,
    ...(submission.heartbeat_deadline_seconds === undefined
      ? {}
      : { heartbeat_deadline_seconds: submission.heartbeat_deadline_seconds }),
    ...(overdueAfterMs == null ? {} : { overdue_after_seconds: overdueAfterMs / 1000 }),
    metadata,
    labels,
    ...(rules ? { rules } : {}),
  };
  refuseTooLarge(submission, input);
  return { input, sha256: submissionFingerprint(submission, job) };
}

/** URLs, events and vars of many endpoints can be more than a run can carry, and no event of it could be delivered. */
function refuseTooLarge(submission: Submission, input: JobInput): void {
  const bytes = jsonBytes(input);
  if (bytes <= MAX_INPUT_BYTES) return;
  const detail = `endpoints with their URLs, events and vars are ${jsonBytes(input.subscriptions)} bytes; with everything else a submission may have ${MAX_INPUT_BYTES / 1024} KiB`;
  throw unprocessable([{ pointer: `/${listsOf(submission)[0] ?? 'endpoints'}`, detail }]);
}

/** How its run watches the job: fixed when it starts, because a run reads no configuration. */
function rulesOf(provider: Provider | undefined): WatchRules | undefined {
  const watching = provider && watchingOf(provider);
  if (!watching) return provider?.rules;
  return { ...ASK_THE_PROVIDER, ...provider.rules, safety_seconds: watching.safetyMs / 1000 };
}

/** The members that name endpoints, in our own shape and in those of systems. */
function listsOf(submission: Submission): readonly (keyof Submission)[] {
  const own = SYSTEMS.flatMap(({ notifications }) => notifications?.members ?? []);
  return (['endpoints', ...own] as const).filter((member) => submission[member] !== undefined);
}

function refuseTooMany(submission: Submission, member: keyof Submission): void {
  const { length } = submission[member] as readonly unknown[];
  if (length <= MAX_ENDPOINTS) return;
  const detail = `lists ${length} endpoints; a job may have ${MAX_ENDPOINTS}`;
  throw unprocessable([{ pointer: `/${member}`, detail }]);
}

/** By endpoints or in a system's own shape; two ways at once would leave open which of them holds. */
function resolveNotified(submission: Submission, config: Config, events: DefaultEvents): ResolvedNotifications {
  const shapes = SYSTEMS.flatMap(({ notifications }) => notifications ?? []);
  const given = shapes
    .flatMap(({ members, resolve }) => members.map((member) => ({ member, value: submission[member], resolve })))
    .filter(({ value }) => value !== undefined);
  const [own] = given;
  if (!own) return resolveSubscriptions(submission.endpoints ?? [], config, events);
  const pointer = `/${own.member}`;
  if (given.length > 1 || submission.endpoints !== undefined) {
    const detail = 'name who is notified by endpoints or by notifications, not by both';
    return { subscriptions: [], faults: [{ pointer, detail }] };
  }
  const resolved = own.resolve(own.value, pointer, config);
  const subscriptions = resolved.subscriptions.map((each) => ({ ...each, ...settingsFor(each.format, config) }));
  return { subscriptions, faults: resolved.faults };
}

/**
 * The one spelling of a job's name.
 * @throws {JobHeraldError} `unprocessable` for a provider that is not configured or a name it cannot have
 */
export function canonicalName(providers: ReadonlyMap<string, Provider>, providerName: string, job: string): string {
  const provider = providers.get(providerName);
  if (!provider) {
    const detail = unknownProvider(providerName, [...providers.keys()]);
    throw unprocessable([{ pointer: '/provider', detail }]);
  }
  try {
    return provider.canonicalJobName(job);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    throw unprocessable([{ pointer: '/job', detail: error.message }], error);
  }
}

function unprocessable(faults: readonly Fault[], cause?: Error): JobHeraldError {
  const message = faults.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ');
  return new JobHeraldError('unprocessable', message, { faults, cause });
}
