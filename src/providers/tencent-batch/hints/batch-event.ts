import { createHash } from 'node:crypto';
import type { PassedEvent } from '../../../domain/event';
import { isPassedThroughEventType } from '../../../domain/event-type';
import { isObject, type JsonObject, objectAt, textAt } from '../../../domain/json';
import { nearest } from '../../../domain/nearest';
import { readTime } from '../../../domain/parse-time';
import type { ReadHint } from '../../hint';
import { eventTypeOfName, isTencentEventName, TENCENT_EVENT_NAMES, type TencentEventName } from '../event-name';
import { isJobId } from '../job-name';

/** The meaning of one event. Events that pass through carry the message exactly as it was received. */
export type Reading =
  /** About the job's state: the provider is asked. */
  | ReadHint
  /** Of a task or a task instance of this job. */
  | { readonly kind: 'event'; readonly job: string; readonly event: PassedEvent }
  /** Of a compute environment or node, which belongs to no job. */
  | { readonly kind: 'event_without_job'; readonly event: PassedEvent & { readonly workflow_id: string } };

export function deadLetter(reason: string): ReadHint {
  return { kind: 'dead_letter', reason };
}

/** A sender's text goes into a history, so it is bounded. */
const MAX_STATE = 64;
const MAX_MESSAGE = 1024;

/** JSON.parse accepts a depth that JSON.stringify, and a receiver, does not. */
const MAX_DEPTH = 64;

/** The position of an event in a push. */
export interface EventPosition {
  /** CMQ's id of the message, where there is one. */
  readonly messageId?: string;
  /** Among the events of the message, from 0. */
  readonly index: number;
  /** The time of an event that has none of its own; epoch ms. */
  readonly fallbackTime: number;
}

/** Reads one event of `{Events: […]}`. The state that it claims decides nothing. */
export function readBatchEvent(event: unknown, position: EventPosition): Reading {
  if (!isObject(event)) return deadLetter(`Events/${position.index} is not an object`);
  if (isDeeperThan(event, MAX_DEPTH))
    return deadLetter(`Events/${position.index} is nested deeper than ${MAX_DEPTH} levels`);
  const name = textAt(event, 'EventName');
  if (name === undefined) return deadLetter(`Events/${position.index} has no EventName`);
  if (!isTencentEventName(name)) return deadLetter(unknownName(name));

  const job = textAt(objectAt(event, 'Batch'), 'JobId');
  if (job !== undefined && !isJobId(job)) {
    return deadLetter(`Batch.JobId of ${name} is not a JobId: ${JSON.stringify(job.slice(0, 100))}`);
  }
  const type = eventTypeOfName(name);
  if (!isPassedThroughEventType(type))
    return job ? hint(event, job, position) : deadLetter(`${name} names no job in Batch.JobId`);

  const passed = {
    key: keyOf(event, position),
    type,
    timestamp: timeOf(event, position),
    message: event,
  };
  if (job) return { kind: 'event', job, event: passed };
  if (name.startsWith('TASK_')) return deadLetter(`${name} names no job in Batch.JobId`);
  return { kind: 'event_without_job', event: { ...passed, workflow_id: workflowIdOf(event, name) } };
}

function hint(event: JsonObject, job: string, position: EventPosition): Reading {
  const batch = objectAt(event, 'Batch');
  const state = textAt(batch, 'JobState') ?? (textAt(event, 'EventName') as string);
  const message = textAt(batch, 'StateReason');
  return {
    kind: 'hint',
    hint: {
      provider: 'tencent-batch',
      job,
      key: keyOf(event, position),
      state: bounded(state, MAX_STATE),
      ...(message !== undefined && { message: bounded(message, MAX_MESSAGE) }),
    },
  };
}

/**
 * CMQ's id of the message and the event's index in it, so a message that is pushed again counts once. A hash of the
 * event is added, so that no event is lost should two messages have one id.
 */
function keyOf(event: JsonObject, { messageId, index }: EventPosition): string {
  const content = sha256(JSON.stringify(event));
  if (messageId === undefined) return content;
  const id = messageId.length > 64 ? sha256(messageId) : messageId.toWellFormed();
  return `${id}/${index}/${content.slice(0, 16)}`;
}

/**
 * The workflow ID for an event that belongs to no job: its name, the ids in it and its time. So there is one run for
 * each event, however many subscriptions push it, and however often.
 */
function workflowIdOf(event: JsonObject, name: TencentEventName): string {
  const batch = objectAt(event, 'Batch');
  const ids = Object.entries(batch)
    .filter(([member, value]) => /Id$/.test(member) && (typeof value === 'string' || typeof value === 'number'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const identity = [name, ids, event['EventTime'] ?? null];
  // Without ids the whole event is its identity.
  const distinguishing = ids.length > 0 ? identity : [...identity, event];
  return `tencent-batch/event/${sha256(JSON.stringify(distinguishing))}`;
}

function timeOf(event: JsonObject, { fallbackTime }: EventPosition): string {
  const time = readTime(event['EventTime']) ?? new Date(fallbackTime);
  return time.toISOString().replace('.000Z', 'Z');
}

function unknownName(name: string): string {
  const meant = nearest(name, TENCENT_EVENT_NAMES);
  return `EventName ${JSON.stringify(name.slice(0, 64))} is not known${meant ? `; did you mean ${meant}?` : ''}`;
}

/** Cut to length and well-formed: half a surrogate pair is legal in a JSON escape, and no store accepts it. */
function bounded(text: string, length: number): string {
  return text.slice(0, length).toWellFormed();
}

/** Whether a value nests more levels of lists and objects than this. Stops at the first one that is too deep. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
