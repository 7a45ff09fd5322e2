import { findTemporalCli } from '../src/dev/temporal-server/find-temporal-cli';
import { type DevServer, startDevServer } from '../src/dev/temporal-server/start-dev-server';
import { freePortWithNeighbour } from '../test/support/free-port';
import { stderrLog as log } from '../test/support/logs';

/**
 * As servers in production have it: a dev server reads the search attributes that there are from its database each
 * time one is used, nine small reads in a whole run of ours.
 */
const AS_IN_PRODUCTION = { 'system.forceSearchAttributesCacheRefreshOnRead': 'false' };

/** An in-memory dev server of the benchmark's own, where the support code of the tests finds it. */
export async function startBenchTemporal(): Promise<DevServer> {
  const cli = await findTemporalCli({ env: process.env, log });
  const address = `127.0.0.1:${await freePortWithNeighbour(1_000)}`;
  const server = await startDevServer({ cli, address, namespace: 'default', dynamicConfig: AS_IN_PRODUCTION, log });
  process.env['JOBHERALD_TEST_TEMPORAL'] = server.address;
  process.env['JOBHERALD_TEST_TEMPORAL_UI'] = server.uiUrl;
  return server;
}
