import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Dependencies } from '../../activities/dependencies';
import { createKafkaChannel } from '../channels/kafka/kafka-channel';
import { createRabbitmqChannel } from '../channels/rabbitmq/rabbitmq-channel';
import { createWebhookChannel } from '../channels/webhook/webhook-channel';
import type { Config } from '../config/config';
import type { Readiness } from '../gateway/routes/health';
import { installTemporalLogging } from '../logging/install-temporal-logging';
import { configuredSystems, createProviders } from '../providers/registry';
import { createCounters, createObservations } from '../temporal/worker-metrics';
import { startHealthServer } from './health-server';
import { keepPolling, type Polling } from './keep-polling';
import type { ProcessOptions, RunningProcess } from './running-process';
import { collectGarbage, keepHeapsSmall } from './small-heaps';

/**
 * `jobherald worker`. Resolves as soon as it answers probes; then waits for Temporal, and works until the signal.
 * Deliveries in flight then finish, or are handed back.
 * @throws {ListenError}
 */
export async function startWorkerProcess(config: Config, options: ProcessOptions): Promise<RunningProcess> {
  const { logger, version, signal, tracer } = options;
  installTemporalLogging(logger);
  keepHeapsSmall();
  const registry = options.registry ?? newRegistry();
  const polling: Polling = { ready: async () => NOT_YET };
  const ready = () => polling.ready();
  const health = await startHealthServer({ ...config.worker, ready, registry, version, logger });
  logger.info({ origin: health.origin, version }, 'worker answers probes');

  const work = async (): Promise<void> => {
    const tools = openTools(config, { logger, version, registry, tracer });
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

/** What a worker's activities reach other systems with; kept over reconnects to Temporal. */
export interface WorkerTools extends Omit<Dependencies, 'client'> {
  /** Loads what is slow to load, so that no job waits for it. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

/** Opens them. */
export function openTools(
  config: Config,
  { logger, version, registry, tracer }: Omit<ProcessOptions, 'signal'> & { readonly registry: Registry },
): WorkerTools {
  const warn = (message: string, details: Readonly<Record<string, unknown>>) => logger.warn(details, message);
  const providers = createProviders(config, { warn });
  const { secrets, network, gateway } = config;
  const webhook = createWebhookChannel({ secrets, network, inlineEndpoints: gateway.inlineEndpoints, version });
  const kafka = createKafkaChannel({ warn });
  const rabbitmq = createRabbitmqChannel();
  return {
    config,
    providers,
    channels: { webhook, kafka, rabbitmq },
    count: createCounters(registry, providers.keys()),
    observe: createObservations(registry),
    tracer,
    watchScopes: true,
    random: Math.random,
    async warmUp() {
      const configured: ReadonlySet<string> = new Set(configuredSystems(config).map(({ name }) => name));
      // What nobody has configured is not looked for, e.g. Google's credentials on a machine that has none.
      const used = [...providers.values()].filter(({ name }) => configured.has(name));
      const warm = used.map((provider) =>
        provider
          .warmUp?.()
          .catch((err) => logger.warn({ err, provider: provider.name }, 'the provider did not warm up')),
      );
      await Promise.all(warm);
      collectGarbage();
    },
    async close() {
      await Promise.all([webhook.close(), kafka.close(), rabbitmq.close()]);
      await Promise.allSettled([...providers.values()].map((provider) => provider.close()));
    },
  };
}
