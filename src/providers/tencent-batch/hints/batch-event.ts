import { createHash } from 'node:crypto';
import { isObject, type JsonObject, objectAt, textAt } from '../../../domain/json';
import { nearest } from '../../../domain/nearest';
import { parseRfc3339 } from '../../../domain/rfc3339';
import { eventTypeOfName, isTencentEventName, TENCENT_EVENT_NAMES, type TencentEventName } from '../event-name';
import { isJobId } from '../job-name';
import { isDeeperThan } from './json';
import { deadLetter, type Reading } from './reading';

/** Texts of a sender go into a history, so they are bounded. */
const MAX_STATE = 64;
const MAX_MESSAGE = 1024;

/** What JSON.parse reads may be too deep for JSON.stringify, and for whoever is told. */
const MAX_DEPTH = 64;

/** Where one event stands in what was pushed. */
export interface Place {
  /** CMQ's id of the message, where it says one. */
  readonly messageId?: string;
  /** Among the events of the message, from 0. */
  readonly index: number;
  /** When it happened as far as the message knows, for an event without a time of its own; epoch ms. */
  readonly fallbackTime: number;
}

/** Reads one event of `{Events: […]}`. What it claims of a job's state decides nothing. */
export function readBatchEvent(event: unknown, place: Place): Reading {
  if (!isObject(event)) return deadLetter(`Events/${place.index} is no object`);
  if (isDeeperThan(event, MAX_DEPTH))
    return deadLetter(`Events/${place.index} is nested deeper than ${MAX_DEPTH} levels`);
  const name = textAt(event, 'EventName');
  if (name === undefined) return deadLetter(`Events/${place.index} has no EventName`);
  if (!isTencentEventName(name)) return deadLetter(unknownName(name));

  const job = textAt(objectAt(event, 'Batch'), 'JobId');
  if (job !== undefined && !isJobId(job)) {
    return deadLetter(`Batch.JobId of ${name} is no JobId: ${JSON.stringify(job.slice(0, 100))}`);
  }
  if (name.startsWith('JOB_')) return job ? hint(event, job, place) : deadLetter(`${name} names no job in Batch.JobId`);

  const passed = {
    key: keyOf(event, place),
    type: eventTypeOfName(name),
    timestamp: timeOf(event, place),
    message: event,
  };
  if (job) return { kind: 'event', job, event: passed };
  if (name.startsWith('TASK_')) return deadLetter(`${name} names no job in Batch.JobId`);
  return { kind: 'event_without_job', event: { ...passed, workflow_id: workflowIdOf(event, name) } };
}

function hint(event: JsonObject, job: string, place: Place): Reading {
  const batch = objectAt(event, 'Batch');
  const state = textAt(batch, 'JobState') ?? (textAt(event, 'EventName') as string);
  const message = textAt(batch, 'StateReason');
  return {
    kind: 'hint',
    hint: {
      provider: 'tencent-batch',
      job,
      key: keyOf(event, place),
      state: bounded(state, MAX_STATE),
      ...(message !== undefined && { message: bounded(message, MAX_MESSAGE) }),
    },
  };
}

/**
 * CMQ's id of the message and the place within it, so that a message that is pushed again counts once. A hash of the
 * event stands beside them: an id that is not as unique as it should be costs no event then.
 */
function keyOf(event: JsonObject, { messageId, index }: Place): string {
  const content = sha256(JSON.stringify(event));
  if (messageId === undefined) return content;
  const id = messageId.length > 64 ? sha256(messageId) : wellFormed(messageId);
  return `${id}/${index}/${content.slice(0, 16)}`;
}

/**
 * One run for each event that belongs to no job, however often and by whichever subscription it is pushed: its name,
 * what it is about, and when.
 */
function workflowIdOf(event: JsonObject, name: TencentEventName): string {
  const batch = objectAt(event, 'Batch');
  const ids = Object.entries(batch)
    .filter(([member, value]) => /Id$/.test(member) && (typeof value === 'string' || typeof value === 'number'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const identity = [name, ids, event['EventTime'] ?? null];
  // Nothing to tell it by but all that it says.
  const told = ids.length > 0 ? identity : [...identity, event];
  return `tencent-batch/event/${sha256(JSON.stringify(told))}`;
}

function timeOf(event: JsonObject, { fallbackTime }: Place): string {
  const time = parseRfc3339(textAt(event, 'EventTime') ?? '') ?? new Date(fallbackTime);
  return time.toISOString().replace('.000Z', 'Z');
}

function unknownName(name: string): string {
  const meant = nearest(name, TENCENT_EVENT_NAMES);
  return `EventName ${JSON.stringify(name.slice(0, 64))} is not known${meant ? `; ${meant} is` : ''}`;
}

function bounded(text: string, length: number): string {
  return wellFormed(text.slice(0, length));
}

/** Half a surrogate pair is legal in a JSON escape and in nothing that stores it. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
