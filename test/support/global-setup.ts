import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger } from '@temporalio/worker';
import { findTemporalCli } from '../../src/dev/temporal-server/find-temporal-cli';
import { type DevServer, startDevServer } from '../../src/dev/temporal-server/start-dev-server';
import { dialClient } from '../../src/temporal/dial-client';
import { setup } from '../../src/temporal/setup';
import { bundleWorkflows } from '../../src/temporal/workflow-bundle';
import { freePortWithNeighbour } from './free-port';
import { stderrLog as log } from './logs';
import { realTemporalConfig } from './real-temporal';
import { offerSharedServices } from './services/offer-shared-services';
import { SHARED_SERVICES } from './services/shared-service';

declare global {
  var jobheraldTestServer: DevServer | undefined;
  var jobheraldTestServices: { stop(): Promise<void> } | undefined;
}

/**
 * Starts one real Temporal for the whole test run, set up as `jobherald setup` would, before any test.
 * Tests reach it by real-temporal.ts, each with a task queue of its own. Other services are started when they are asked for.
 */
module.exports = async function globalSetup(): Promise<void> {
  const cli = await findTemporalCli({ env: process.env, log });
  const server = await startOnFreePort(cli);
  globalThis.jobheraldTestServer = server;
  process.env['JOBHERALD_TEST_TEMPORAL'] = server.address;
  process.env['JOBHERALD_TEST_TEMPORAL_UI'] = server.uiUrl;

  const services = await offerSharedServices();
  globalThis.jobheraldTestServices = services;
  process.env[SHARED_SERVICES] = services.url;

  const connection = await dialClient({ address: server.address });
  await setup(connection, realTemporalConfig(), { ...log, info: log.debug }, { updateRetention: true });
  await connection.close();
  process.env['JOBHERALD_TEST_BUNDLE'] = await bundleOnce();
};

/** A port that was free a moment ago may be taken now, by a test run beside this one. */
async function startOnFreePort(cli: string, triesLeft = 3): Promise<DevServer> {
  const port = await freePortWithNeighbour(1_000);
  try {
    return await startDevServer({ cli, address: `127.0.0.1:${port}`, namespace: 'default', log });
  } catch (error) {
    if (triesLeft <= 1) throw error;
    return startOnFreePort(cli, triesLeft - 1);
  }
}

/** Bundles the workflows as they are now, once for all test files, which load it from this file. */
async function bundleOnce(): Promise<string> {
  const { code } = await bundleWorkflows(new DefaultLogger('WARN'));
  const file = join(tmpdir(), `jobherald-test-workflows-${process.pid}.js`);
  await writeFile(file, code);
  return file;
}
