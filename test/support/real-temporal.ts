import { randomUUID } from 'node:crypto';
import type { Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { TemporalConfig } from '../../src/config/config';
import { dialClient } from '../../src/temporal/dial-client';
import { quietRuntime } from './quiet-runtime';

const DAY = 24 * 60 * 60 * 1000;

export interface RealTemporal {
  readonly config: TemporalConfig;
  readonly connection: Connection;
  /** For workers. */
  readonly nativeConnection: NativeConnection;
  close(): Promise<void>;
}

/** The configuration of the dev server that global-setup.ts started, with a task queue of the caller's own. */
export function realTemporalConfig(): TemporalConfig {
  const address = process.env['JOBHERALD_TEST_TEMPORAL'];
  const ui = process.env['JOBHERALD_TEST_TEMPORAL_UI'];
  if (!address || !ui) throw new Error('no dev server: jest runs without test/support/global-setup.ts');
  const taskQueue = `test-${randomUUID()}`;
  return { address, ui, taskQueue, namespace: 'default', retentionMs: 30 * DAY, apiKey: '', tls: false };
}

/** Connects to it. One per test file, closed at its end. */
export async function connectRealTemporal(): Promise<RealTemporal> {
  quietRuntime();
  const config = realTemporalConfig();
  const connection = await dialClient({ address: config.address });
  const nativeConnection = await NativeConnection.connect({ address: config.address });
  const close = async () => {
    await connection.close();
    await nativeConnection.close();
  };
  return { config, connection, nativeConnection, close };
}
