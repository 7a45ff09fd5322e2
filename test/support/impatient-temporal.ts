import { NativeConnection } from '@temporalio/worker';
import { findTemporalCli } from '../../src/dev/temporal-server/find-temporal-cli';
import { startDevServer } from '../../src/dev/temporal-server/start-dev-server';
import { dialClient } from '../../src/temporal/dial-client';
import { setup } from '../../src/temporal/setup';
import { freePortWithNeighbour } from './free-port';
import { stderrLog as log } from './logs';
import { type RealTemporal, realTemporalConfig } from './real-temporal';

/** A dev server of its own that asks a run to continue as new after so many events, and takes so many signals of it. */
export async function startImpatientTemporal({
  events,
  signals = 10_000,
  visibilityCallsASecond,
}: {
  readonly events: number;
  readonly signals?: number;
  /** Default: what a dev server allows, which is plenty. */
  readonly visibilityCallsASecond?: number;
}): Promise<RealTemporal> {
  const cli = await findTemporalCli({ env: process.env, log });
  const server = await startDevServer({
    cli,
    address: `127.0.0.1:${await freePortWithNeighbour(1_000)}`,
    namespace: 'default',
    log,
    dynamicConfig: {
      'limit.historyCount.suggestContinueAsNew': String(events),
      'history.maximumSignalsPerExecution': String(signals),
      ...(visibilityCallsASecond !== undefined && {
        'frontend.namespaceRPS.visibility': String(visibilityCallsASecond),
        'frontend.namespaceBurstRatio.visibility': '1',
      }),
    },
  });
  const config = { ...realTemporalConfig(), address: server.address, ui: server.uiUrl };
  const connection = await dialClient({ address: server.address });
  await setup(connection, config, { ...log, info: log.debug }, { updateRetention: true });
  const nativeConnection = await NativeConnection.connect({ address: server.address });
  return {
    config,
    connection,
    nativeConnection,
    close: async () => {
      await connection.close();
      await nativeConnection.close();
      await server.stop();
    },
  };
}
