import { createHash } from 'node:crypto';
import type { ReadHint } from '../../hint';
import { formatJobName, type JobName, type Projects } from '../job-name';

/** What a message was found to say, before it is known how it came. */
export type Reading =
  | {
      readonly kind: 'job';
      readonly name: JobName;
      readonly state?: string | undefined;
      readonly message?: string | undefined;
      readonly id?: string | undefined;
    }
  | Exclude<ReadHint, { readonly kind: 'hint' }>;

/** Texts of a sender go into a history and into the log, so they are bounded. */
const MAX_STATE = 64;
const MAX_MESSAGE = 1024;
const MAX_KEY = 256;
const MAX_REASON = 500;

export function ignored(reason: string): Reading & ReadHint {
  return { kind: 'ignored', reason: bounded(reason, MAX_REASON) };
}

export function deadLetter(reason: string): Reading & ReadHint {
  return { kind: 'dead_letter', reason: bounded(reason, MAX_REASON) };
}

/**
 * Makes the hint. Its key is, in this order: the transport's own message id, the log entry's `insertId`, a hash of
 * what was sent, so that the same message again has the same key.
 */
export function toHint(reading: Reading, transportId: string | undefined, projects: Projects, sent: unknown): ReadHint {
  if (reading.kind !== 'job') return reading;
  const { name, state, message, id } = reading;
  return {
    kind: 'hint',
    hint: {
      provider: 'vertex-ai',
      job: formatJobName(name, projects),
      key: shortKey(
        transportId ?? id ?? hash(typeof sent === 'string' ? sent : JSON.stringify([name, state, message])),
      ),
      ...(state !== undefined && { state: bounded(state, MAX_STATE) }),
      ...(message !== undefined && { message: bounded(message, MAX_MESSAGE) }),
    },
  };
}

function shortKey(key: string): string {
  return key.length > MAX_KEY ? hash(key) : wellFormed(key);
}

function bounded(text: string, length: number): string {
  return wellFormed(text.slice(0, length));
}

/** Half a surrogate pair is legal in a JSON escape and in nothing that stores it. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
