import { createHash } from 'node:crypto';
import { parseJsonOrUndefined } from '../../../domain/json';
import type { ReadHint } from '../../hint';
import { formatJobName, type JobName, type Projects } from '../job-name';

/** What a message says, whichever transport delivered it. */
export type Reading =
  | {
      readonly kind: 'job';
      readonly name: JobName;
      readonly state?: string | undefined;
      readonly message?: string | undefined;
      /** The log entry's own id. */
      readonly id?: string | undefined;
    }
  | Exclude<ReadHint, { readonly kind: 'hint' }>;

/** A sender's text goes into a history and into the log, so it is bounded. */
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
 * Makes the hint. Its key is the first of: the transport's message id, the log entry's `insertId`, a hash of the
 * content. So the same message, sent again, has the same key.
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

/** The value of JSON text or bytes; a value that is already parsed is returned as it is. Undefined: not JSON. */
export function jsonOf(body: unknown): unknown {
  return typeof body === 'string' || body instanceof Uint8Array ? parseJsonOrUndefined(body) : body;
}

function shortKey(key: string): string {
  return key.length > MAX_KEY ? hash(key) : key.toWellFormed();
}

/** Cut to length and well-formed: half a surrogate pair is legal in a JSON escape, and no store accepts it. */
function bounded(text: string, length: number): string {
  return text.slice(0, length).toWellFormed();
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
