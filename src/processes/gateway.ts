import { once } from 'node:events';
import type { Config } from '../config/config';
import { createEngine } from '../engine';
import { startConsumers } from '../gateway/ingress';
import type { Readiness } from '../gateway/routes/health';
import { createGateway, type Gateway } from '../gateway/server';
import { createProviders } from '../providers/registry';
import { connectClient } from '../temporal/connection';
import { createClient } from '../temporal/create-client';
import { createGatewayEngine, type GatewayEngine } from './gateway-engine';
import { isReachable, untilSetUp } from './reach-temporal';
import { listening, type ProcessOptions, type RunningProcess } from './running-process';
import { watchReachability } from './watch-reachability';

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
  const { logger, version, registry, tracer, alsoReady } = options;
  const engine = createGatewayEngine();
  const ready = async (): Promise<Readiness> => {
    const own = await engine.ready();
    return own.ready && alsoReady ? alsoReady() : own;
  };
  const gateway = createGateway({ ...engine, config, ready, logger, version, registry, tracer });
  const { host, port } = config.gateway;
  const origin = await listening(() => gateway.listen(), '/gateway', `${host}:${port}`);

  const run = async (): Promise<void> => {
    await reachTemporal(config, engine, options, gateway).finally(() => gateway.close());
    logger.info('gateway stopped');
  };
  return { origin, ready, done: run() };
}

/**
 * Connects the engine once Temporal is reached, and starts the consumers; on the signal waits until gateway and consumers
 * are drained, then disconnects.
 */
async function reachTemporal(
  config: Config,
  engine: GatewayEngine,
  { logger, signal, version }: ProcessOptions,
  gateway: Gateway,
): Promise<void> {
  const { temporal } = config;
  const to = { log: logger, signal };
  try {
    const connection = await connectClient(temporal, to);
    try {
      await untilSetUp(connection, temporal, to);
      const client = createClient(connection, temporal);
      const providers = createProviders(config, { warn: (message, details) => logger.warn(details, message) });
      engine.connect({
        connection,
        engine: createEngine({ client, config, providers }),
        ready: () => isReachable(connection, temporal),
      });
      void watchReachability(() => isReachable(connection, temporal), { logger, signal });
      const { address, namespace } = temporal;
      logger.info({ version, address, namespace }, 'gateway is connected to Temporal');
      const { jobs, inbox, notifyOperations } = engine;
      const consumers = startConsumers(config, { jobs, inbox, logger, metrics: gateway.metrics, notifyOperations });
      if (!signal.aborted) await once(signal, 'abort');
      await Promise.all([gateway.close(), consumers.close()]);
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
