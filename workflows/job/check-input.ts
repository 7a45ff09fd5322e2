import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { defaultIdempotencyKey } from '../../src/domain/identity';
import { type JobInput, MAX_ENDPOINTS, MAX_INPUT_BYTES } from '../../src/domain/job-run';
import { isObject } from '../../src/domain/json';
import { jsonBytes } from '../../src/domain/text-size';
import { beginTrace, readTraceContext } from '../../src/domain/trace-context';
import { areLabels, areSubscriptions, isDeadlineOrNone, isRules, isSecondsOrNone, isStatus } from './read-input';

/**
 * Fills in what may be absent in an argument written by hand (the client fills in everything).
 * @throws {ApplicationFailure} `InvalidJobInput`: a run that cannot know its job or its endpoints fails at once
 */
export function checkInput(input: unknown): JobInput {
  const given = (typeof input === 'object' && input !== null ? input : {}) as Partial<JobInput>;
  const { provider, job, subscriptions } = given;
  if (!provider || !job || typeof provider !== 'string' || typeof job !== 'string') {
    throw invalid('it needs {provider, job, subscriptions}, all as in JobInput; better use the jobherald client');
  }
  if (!Array.isArray(subscriptions)) {
    throw invalid('subscriptions is missing: a list of {endpoint, events, format}');
  }
  // What a run continues was checked when its first run began.
  if (workflowInfo().continuedFromExecutionRunId === undefined) {
    checkSize(given, subscriptions);
    if (!areSubscriptions(subscriptions)) throw invalid('subscriptions must be a list of {endpoint, events, format}');
    const { heartbeat_deadline_seconds, overdue_after_seconds } = given;
    if (!isDeadlineOrNone(heartbeat_deadline_seconds) || !isSecondsOrNone(overdue_after_seconds)) {
      throw invalid('heartbeat_deadline_seconds and overdue_after_seconds must be numbers of seconds');
    }
    checkRest(given);
  }
  const { trace: givenTrace, ...rest } = given;
  const trace = readTraceContext(givenTrace ?? {}) ?? beginTrace(workflowInfo().firstExecutionRunId);
  return {
    ...rest,
    trace,
    provider,
    job,
    subscriptions,
    idempotency_key: given.idempotency_key ?? defaultIdempotencyKey({ provider, job }),
    correlation_id: given.correlation_id ?? null,
    metadata: given.metadata ?? {},
    labels: given.labels ?? {},
  };
}

/** @throws {ApplicationFailure} `InvalidJobInput` for what would fail later, in every workflow task again */
function checkRest(given: Partial<JobInput>): void {
  const { idempotency_key, correlation_id, metadata, labels, origin, initial, rules, carried } = given;
  const isAbsentOr = (value: unknown, is: boolean) => value === undefined || value === null || is;
  if (![idempotency_key, correlation_id].every((text) => isAbsentOr(text, typeof text === 'string'))) {
    throw invalid('idempotency_key and correlation_id must be texts');
  }
  if (!isAbsentOr(metadata, isObject(metadata))) throw invalid('metadata must be an object');
  if (!isAbsentOr(labels, areLabels(labels))) throw invalid('labels must be an object of texts');
  if (origin !== undefined && !isObject(origin)) throw invalid('origin must be an object');
  if (initial !== undefined && !isStatus(initial)) throw invalid('initial must be a whole JobStatus');
  if (rules !== undefined && !isRules(rules)) throw invalid('rules must be WatchRules');
  if (carried !== undefined) throw invalid('carried is what a run hands on to its next one');
}

/** What a run is started with goes along for as long as it lives. */
function checkSize({ initial: _, trace: __, ...given }: Partial<JobInput>, subscriptions: readonly unknown[]): void {
  if (subscriptions.length > MAX_ENDPOINTS) {
    throw invalid(`it has ${subscriptions.length} subscriptions; a job may have ${MAX_ENDPOINTS}`);
  }
  const bytes = jsonBytes(given);
  if (bytes > MAX_INPUT_BYTES) throw invalid(`it has ${bytes} bytes; ${MAX_INPUT_BYTES} are possible`);
}

function invalid(what: string): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'InvalidJobInput',
    message: `this argument starts no job: ${what}`,
    nonRetryable: true,
  });
}
