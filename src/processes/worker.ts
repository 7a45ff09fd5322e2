import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Config } from '../config/config';
import type { Readiness } from '../gateway/routes/health';
import { installTemporalLogging } from '../logging/install-temporal-logging';
import { startHealthServer } from './health-server';
import { keepPolling, type Polling } from './keep-polling';
import type { ProcessOptions, RunningProcess } from './running-process';
import { openTools } from './worker-tools';

/**
 * `jobherald worker`. Resolves as soon as it answers probes; then waits for Temporal, and works until the signal.
 * Deliveries in flight then finish, or are handed back.
 * @throws {ListenError}
 */
export async function startWorkerProcess(config: Config, options: ProcessOptions): Promise<RunningProcess> {
  const { logger, version, signal } = options;
  installTemporalLogging(logger);
  const registry = options.registry ?? newRegistry();
  const polling: Polling = { ready: async () => NOT_YET };
  const ready = () => polling.ready();
  const health = await startHealthServer({ ...config.worker, ready, registry, version, logger });
  logger.info({ origin: health.origin, version }, 'worker answers probes');

  const work = async (): Promise<void> => {
    const tools = openTools(config, { logger, version, registry });
    try {
      await keepPolling(polling, { config, tools, logger, signal });
      logger.info('worker stopped');
    } finally {
      await tools.close();
      await health.close();
    }
  };
  return { origin: health.origin, ready, done: work() };
}

export function newRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

const NOT_YET: Readiness = { ready: false, reason: 'The worker waits for Temporal.' };
