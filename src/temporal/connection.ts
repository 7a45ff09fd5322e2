import type { Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { TemporalConfig } from '../config/config';
import { connectionOptions } from './connection-options';
import { dialClient } from './dial-client';
import type { Log } from './log';
import { untilConnected } from './until-connected';

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

/** As {@link connectClient}, through the native runtime that workers poll with. */
export async function connectWorker(
  temporal: TemporalConfig,
  { log, signal }: ConnectOptions,
): Promise<NativeConnection> {
  const options = await connectionOptions(temporal);
  return untilConnected(() => NativeConnection.connect(options), { temporal, log, signal });
}
