import { ApplicationFailure } from '@temporalio/common';
import { adoptMessage } from '../../src/domain/adoption';
import type { AdoptMessage, CallbackMessage, HeartbeatMessage } from '../../src/domain/job-messages';
import { MAX_INPUT_BYTES } from '../../src/domain/job-run';
import { isObject } from '../../src/domain/json';
import { byteLength, jsonBytes } from '../../src/domain/text-size';
import { readTraceContext } from '../../src/domain/trace-context';
import { areSubscriptions, isDeadlineOrNone, isSecondsOrNone } from './read-input';

const MAX_KEY_LENGTH = 1000;
/** What a callback says stays with the run. */
const MAX_IDENTITY_BYTES = 255;
const MAX_CALLBACK_METADATA_BYTES = 32 * 1024;
const MAX_IDS_BYTES = 4 * 1024;

/** The idempotency key of a signal's argument, where there is one. */
export function readKey(argument: unknown): string | undefined {
  const key = member(argument, 'idempotency_key');
  return typeof key === 'string' && key !== '' && key.length <= MAX_KEY_LENGTH ? key : undefined;
}

/** A heartbeat, or undefined for anything that names no usable deadline. */
export function readHeartbeat(argument: unknown): HeartbeatMessage | undefined {
  const seconds = member(argument, 'heartbeat_deadline_seconds');
  if (typeof seconds !== 'number' || !isDeadlineOrNone(seconds)) return undefined;
  return { heartbeat_deadline_seconds: seconds };
}

/**
 * `data` of a SPEC-001 STATUS: the argument's own member of that name, as the API sends it, or the argument itself, as
 * somebody's own code may.
 */
export function readReport(argument: unknown): unknown {
  return member(argument, 'data') ?? argument;
}

/** A callback, or undefined for anything that names no identity. */
export function readCallback(argument: unknown): CallbackMessage | undefined {
  const identity = member(argument, 'identity');
  const metadata = member(argument, 'metadata') ?? {};
  if (typeof identity !== 'string' || identity === '' || !isObject(metadata)) return undefined;
  if (byteLength(identity) > MAX_IDENTITY_BYTES) return undefined;
  const ids = member(argument, 'ids');
  return {
    identity,
    metadata: jsonBytes(metadata) <= MAX_CALLBACK_METADATA_BYTES ? metadata : { metadata_omitted: true },
    ...(isObject(ids) && jsonBytes(ids) <= MAX_IDS_BYTES && { ids }),
  };
}

/**
 * A submission that is to be adopted: what the engine sends, and no member besides, which would take the place of the run's own.
 * @throws {ApplicationFailure} `InvalidSubmission`, which refuses the update
 */
export function readAdoption(argument: unknown): AdoptMessage {
  const isSubmission =
    isObject(argument) &&
    ['submission_sha256', 'idempotency_key'].every((name) => typeof argument[name] === 'string') &&
    ['metadata', 'labels'].every((name) => isObject(argument[name])) &&
    areSubscriptions(argument['subscriptions']) &&
    isDeadlineOrNone(argument['heartbeat_deadline_seconds']) &&
    isSecondsOrNone(argument['overdue_after_seconds']) &&
    jsonBytes(argument) <= MAX_INPUT_BYTES;
  if (isSubmission) return adoptMessageOf(argument as unknown as AdoptMessage);
  const message = 'this update needs a resolved submission; use POST /v1/jobs or the jobherald client';
  throw ApplicationFailure.create({ type: 'InvalidSubmission', message, nonRetryable: true });
}

function adoptMessageOf(message: AdoptMessage): AdoptMessage {
  const { correlation_id } = message;
  return adoptMessage({
    ...message,
    correlation_id: typeof correlation_id === 'string' ? correlation_id : null,
    trace: readTraceContext(message.trace ?? {}),
  });
}

/** What to send again; whatever names neither an endpoint nor an event means everything. */
export function readRedelivery(argument: unknown): { readonly endpoint?: string; readonly event?: string } {
  const endpoint = member(argument, 'endpoint');
  const event = member(argument, 'event');
  return {
    ...(typeof endpoint === 'string' && { endpoint }),
    ...(typeof event === 'string' && { event }),
  };
}

function member(argument: unknown, name: string): unknown {
  return typeof argument === 'object' && argument !== null ? (argument as Record<string, unknown>)[name] : undefined;
}
