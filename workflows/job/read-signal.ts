import type { HeartbeatMessage } from '../../src/domain/job-messages';

/** Longest deadline a heartbeat may set: a year. Anything longer is a mistake in units. */
const MAX_DEADLINE_SECONDS = 366 * 24 * 3600;
const MAX_KEY_LENGTH = 1000;

/** The idempotency key of a signal's argument, where there is one. */
export function readKey(argument: unknown): string | undefined {
  const key = member(argument, 'idempotency_key');
  return typeof key === 'string' && key !== '' && key.length <= MAX_KEY_LENGTH ? key : undefined;
}

/** A heartbeat, or undefined for anything that names no usable deadline. */
export function readHeartbeat(argument: unknown): HeartbeatMessage | undefined {
  const seconds = member(argument, 'heartbeat_deadline_seconds');
  if (typeof seconds !== 'number' || !(seconds > 0) || seconds > MAX_DEADLINE_SECONDS) return undefined;
  return { heartbeat_deadline_seconds: seconds };
}

function member(argument: unknown, name: string): unknown {
  return typeof argument === 'object' && argument !== null ? (argument as Record<string, unknown>)[name] : undefined;
}
