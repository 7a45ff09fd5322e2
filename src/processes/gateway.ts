import { once } from 'node:events';
import { Client } from '@temporalio/client';
import { createTemporalEndpoints } from '../client/endpoints';
import { createTemporalJobs } from '../client/temporal-jobs';
import type { Config } from '../config/config';
import type { Readiness } from '../gateway/routes/health';
import { createGateway } from '../gateway/server';
import { createProviders } from '../providers/registry';
import { connectClient } from '../temporal/connection';
import { type GatewayJobs, gatewayJobs } from './gateway-jobs';
import { isReachable } from './is-reachable';
import { listening } from './listening';
import type { ProcessOptions, RunningProcess } from './running-process';
import { untilSetUp } from './until-set-up';

export interface GatewayProcessOptions extends ProcessOptions {
  /** What else `/readyz` asks. In `jobherald dev` the worker has to be ready too. */
  readonly alsoReady?: () => Promise<Readiness>;
}

/**
 * `jobherald gateway`. Resolves as soon as it listens; answers 503 until Temporal is there, and whenever it is not.
 * On the signal the requests in flight are answered first.
 * @throws {ListenError}
 */
export async function startGatewayProcess(config: Config, options: GatewayProcessOptions): Promise<RunningProcess> {
  const { logger, version, registry, alsoReady } = options;
  const jobs = gatewayJobs();
  const ready = async (): Promise<Readiness> => {
    const own = await jobs.ready();
    return own.ready && alsoReady ? alsoReady() : own;
  };
  const gateway = createGateway({ config, jobs, endpoints: jobs.endpoints, ready, logger, version, registry });
  const { host, port } = config.gateway;
  const origin = await listening(() => gateway.listen(), '/gateway', `${host}:${port}`);

  const serve = async (): Promise<void> => {
    await reachTemporal(config, jobs, options, () => gateway.close()).finally(() => gateway.close());
    logger.info('gateway stopped');
  };
  return { origin, ready, done: serve() };
}

/** Lets the jobs arrive at Temporal once it is there; on the signal awaits `drain`, then leaves it. */
async function reachTemporal(
  config: Config,
  jobs: GatewayJobs,
  { logger, signal, version }: ProcessOptions,
  drain: () => Promise<void>,
): Promise<void> {
  const { temporal } = config;
  const to = { log: logger, signal };
  try {
    const connection = await connectClient(temporal, to);
    try {
      await untilSetUp(connection, temporal, to);
      const client = new Client({ connection, namespace: temporal.namespace });
      const providers = createProviders(config, { warn: (message, details) => logger.warn(details, message) });
      jobs.arrive({
        connection,
        jobs: createTemporalJobs({ client, config, providers }),
        endpoints: createTemporalEndpoints(client, config),
        ready: () => isReachable(connection, temporal),
      });
      const { address, namespace } = temporal;
      logger.info({ version, address, namespace }, 'gateway is connected to Temporal');
      if (!signal.aborted) await once(signal, 'abort');
      await drain();
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
