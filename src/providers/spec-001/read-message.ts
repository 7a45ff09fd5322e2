import type { Spec001Message } from '../../../schemas/types';
import type { Fault } from '../../domain/jobherald-error';
import type { JsonObject } from '../../domain/json';
import { parseJson } from '../../validation/json-body';
import { spec001Faults } from './faults';

/** A message of SPEC-001, as a run processes it. */
export type ReadMessage = StatusMessage | HeartbeatMessage;

interface MessageIds {
  /** The job: the correlation id, in lower case. */
  readonly job: string;
  /** The message's own identity, in lower case. */
  readonly key: string;
}

export interface StatusMessage extends MessageIds {
  readonly kind: 'status';
  /** `data`, as it was received. */
  readonly data: JsonObject;
}

export interface HeartbeatMessage extends MessageIds {
  readonly kind: 'heartbeat';
  /** At most a year. */
  readonly heartbeat_deadline_seconds: number;
  readonly description?: string;
}

/** The schema has no maximum; a run's timer has. */
const MAX_DEADLINE_SECONDS = 31_536_000;

/**
 * Reads the bytes of a message, or returns its faults. Integers beyond 2^53 keep their digits as texts, except where that would
 * make the message invalid: what counts rows may be rounded, and no message is lost for it.
 * @throws {JobHeraldError} `bad_request` for bytes that are no JSON, or JSON that cannot be kept
 */
export function readMessageBytes(bytes: Buffer | undefined): ReturnType<typeof readMessage> {
  const exact = readMessage(parseJson(bytes, { largeIntegers: 'text' }));
  return exact.kind === 'invalid' ? readMessage(parseJson(bytes, { largeIntegers: 'round' })) : exact;
}

/** Reads a message, or returns its faults. */
export function readMessage(
  value: unknown,
): ReadMessage | { readonly kind: 'invalid'; readonly faults: readonly Fault[] } {
  const faults = spec001Faults(value);
  if (faults.length > 0) return { kind: 'invalid', faults };
  const { meta, data } = value as Spec001Message;
  const ids = { job: meta.correlation_id.toLowerCase(), key: meta.idempotency_key.toLowerCase() };
  if (data.notification_type === 'STATUS') return { ...ids, kind: 'status', data: { ...data } };
  const { description, heartbeat_deadline_seconds } = data;
  return {
    ...ids,
    kind: 'heartbeat',
    heartbeat_deadline_seconds: Math.min(heartbeat_deadline_seconds, MAX_DEADLINE_SECONDS),
    ...(description !== undefined && { description }),
  };
}
