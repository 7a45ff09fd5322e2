import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Dependencies } from '../../activities/dependencies';
import { createKafkaChannel } from '../channels/kafka/kafka-channel';
import { createRabbitmqChannel } from '../channels/rabbitmq/rabbitmq-channel';
import { createWebhookChannel } from '../channels/webhook/webhook-channel';
import type { Config } from '../config/config';
import { createProviders } from '../providers/registry';
import { createCounters, createObservations } from '../temporal/worker-metrics';

/** What a worker's activities reach the world with, whichever connection to Temporal it has just now. */
export interface WorkerTools extends Omit<Dependencies, 'client'> {
  close(): Promise<void>;
}

/** Opens them, and begins to load what is slow to load. */
export function openTools(
  config: Config,
  { logger, version, registry }: { readonly logger: Logger; readonly version: string; readonly registry: Registry },
): WorkerTools {
  const providers = createProviders(config, { warn: (message, details) => logger.warn(details, message) });
  const webhook = createWebhookChannel({ secrets: config.secrets, network: config.network, version });
  const kafka = createKafkaChannel();
  const rabbitmq = createRabbitmqChannel();
  for (const provider of providers.values()) {
    provider.warmUp?.().catch((err) => logger.warn({ err, provider: provider.name }, 'the provider did not warm up'));
  }
  return {
    config,
    providers,
    channels: { webhook, kafka, rabbitmq },
    count: createCounters(registry),
    observe: createObservations(registry),
    watchScopes: true,
    random: Math.random,
    async close() {
      await Promise.all([webhook.close(), kafka.close(), rabbitmq.close()]);
      await Promise.allSettled([...providers.values()].map((provider) => provider.close()));
    },
  };
}
