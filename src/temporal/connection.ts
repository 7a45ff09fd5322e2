import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { unlessAborted } from '../async/unless-aborted';
import type { TemporalConfig } from '../config/config';
import { connectFailure, connectionOptions, dialClient } from './dial-client';

export interface ConnectOptions {
  readonly log: Log;
  /** Ends the wait for a Temporal that cannot be reached. */
  readonly signal: AbortSignal;
}

/**
 * Connects a client (gateway, CLI). Waits for as long as Temporal cannot be reached, and says so in the log.
 * @throws the signal's reason, or an error that names the TLS file that cannot be read
 */
export async function connectClient(temporal: TemporalConfig, { log, signal }: ConnectOptions): Promise<Connection> {
  const options = await connectionOptions(temporal);
  return untilConnected(() => dialClient(options), { temporal, log, signal });
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Calls `connect` until it succeeds, pausing 250 ms at first and 5 s at most. Logs once when it begins to wait, once
 * for each change of cause, and once when it is through.
 * @throws the signal's reason, as soon as it is aborted
 */
export async function untilConnected<C extends { close(): Promise<void> }>(
  connect: () => Promise<C>,
  options: { readonly temporal: TemporalConfig; readonly log: Log; readonly signal: AbortSignal },
): Promise<C> {
  const { temporal, log, signal } = options;
  let cause: string | undefined;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    signal.throwIfAborted();
    try {
      const connection = await inTime(connect(), options);
      if (cause !== undefined) log.info(`connected to Temporal at ${temporal.address}`);
      return connection;
    } catch (error) {
      signal.throwIfAborted();
      const newCause = connectFailure(error);
      if (newCause !== cause) log.warn(`waiting for Temporal at ${temporal.address}: ${newCause}`);
      cause = newCause;
    }
    // The timer rejects with an AbortError of its own; what callers are promised is the signal's reason.
    await sleep(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** A connection that comes too late is closed. */
async function inTime<C extends { close(): Promise<void> }>(
  connecting: Promise<C>,
  { signal, log }: ConnectOptions,
): Promise<C> {
  try {
    return await unlessAborted(connecting, signal);
  } catch (error) {
    connecting
      .then((late) => late.close())
      .catch((late: unknown) => {
        if (late !== error)
          log.debug(`a connection to Temporal that nobody waits for any more failed: ${connectFailure(late)}`);
      });
    throw error;
  }
}

/** Where this folder's functions say what they do; a pino logger is one. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}
