import { NativeConnection } from '@temporalio/worker';
import type { TemporalConfig } from '../config/config';
import { type ConnectOptions, untilConnected } from './connection';
import { connectionOptions } from './dial-client';

/**
 * Connects as `connectClient` does, through the native runtime that workers poll with. Apart from it, since that runtime
 * takes a while to load.
 * @throws the signal's reason, or an error that names the TLS file that cannot be read
 */
export async function connectWorker(
  temporal: TemporalConfig,
  { log, signal }: ConnectOptions,
): Promise<NativeConnection> {
  const options = await connectionOptions(temporal);
  return untilConnected(() => NativeConnection.connect(options), { temporal, log, signal });
}
