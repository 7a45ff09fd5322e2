import { once } from 'node:events';
import { Client } from '@temporalio/client';
import type { Config } from '../config/config';
import { createTemporalEndpoints } from '../engine/endpoints';
import { createNotifyOperations } from '../engine/notices';
import { createTemporalJobs } from '../engine/temporal-jobs';
import { createTemporalProviderInbox } from '../engine/temporal-provider-inbox';
import { createTemporalRedeliveries } from '../engine/temporal-redeliveries';
import { startConsumers } from '../gateway/consumers/start-consumers';
import type { Readiness } from '../gateway/routes/health';
import { createGateway, type Gateway } from '../gateway/server';
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
 * On the signal the requests and the pulled messages in flight are answered first.
 * @throws {ListenError}
 */
export async function startGatewayProcess(config: Config, options: GatewayProcessOptions): Promise<RunningProcess> {
  const { logger, version, registry, alsoReady } = options;
  const jobs = gatewayJobs();
  const ready = async (): Promise<Readiness> => {
    const own = await jobs.ready();
    return own.ready && alsoReady ? alsoReady() : own;
  };
  const gateway = createGateway({
    config,
    jobs,
    endpoints: jobs.endpoints,
    redeliveries: jobs.redeliveries,
    inbox: jobs.inbox,
    notifyOperations: (notice) => jobs.notifyOperations(notice),
    ready,
    logger,
    version,
    registry,
  });
  const { host, port } = config.gateway;
  const origin = await listening(() => gateway.listen(), '/gateway', `${host}:${port}`);

  const serve = async (): Promise<void> => {
    await reachTemporal(config, jobs, options, gateway).finally(() => gateway.close());
    logger.info('gateway stopped');
  };
  return { origin, ready, done: serve() };
}

/**
 * Lets the jobs connect at Temporal once it is there, and the consumers start; on the signal waits until gateway and
 * consumers are drained, then leaves it.
 */
async function reachTemporal(
  config: Config,
  jobs: GatewayJobs,
  { logger, signal, version }: ProcessOptions,
  gateway: Gateway,
): Promise<void> {
  const { temporal } = config;
  const to = { log: logger, signal };
  try {
    const connection = await connectClient(temporal, to);
    try {
      await untilSetUp(connection, temporal, to);
      const client = new Client({ connection, namespace: temporal.namespace });
      const providers = createProviders(config, { warn: (message, details) => logger.warn(details, message) });
      jobs.connect({
        connection,
        jobs: createTemporalJobs({ client, config, providers }),
        endpoints: createTemporalEndpoints(client, config),
        redeliveries: createTemporalRedeliveries(client, config),
        inbox: createTemporalProviderInbox({ client, config, providers }),
        notifyOperations: createNotifyOperations(client, config),
        ready: () => isReachable(connection, temporal),
      });
      const { address, namespace } = temporal;
      logger.info({ version, address, namespace }, 'gateway is connected to Temporal');
      const consumers = startConsumers({
        config,
        jobs,
        inbox: jobs.inbox,
        logger,
        metrics: gateway.metrics,
        notifyOperations: jobs.notifyOperations,
      });
      if (!signal.aborted) await once(signal, 'abort');
      await Promise.all([gateway.close(), consumers.close()]);
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
