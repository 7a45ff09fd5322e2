import type { Logger } from 'pino';
import type { Config } from '../../config/config';
import type { Jobs } from '../../engine/jobs';
import type { ProviderInbox } from '../../engine/provider-inbox';
import { startMonaiRabbitmq } from '../../providers/monai/consumer/consume-tasks';
import { startSpec001Kafka } from '../../providers/spec-001/consumer/consume-topic';
import { startPubsubPull } from '../../providers/vertex-ai/pull/consume-subscription';
import type { HintTaker } from '../ingress/take-hint';
import type { GatewayMetrics } from '../observe/metrics';
import type { Consumer } from './consumer';

export interface ConsumersOptions {
  readonly config: Config;
  readonly jobs: Jobs;
  readonly inbox: ProviderInbox;
  readonly logger: Logger;
  readonly metrics: GatewayMetrics;
  readonly notifyOperations?: HintTaker['notifyOperations'];
}

/** Starts every consumer that is configured. */
export function startConsumers({ config, inbox, ...shared }: ConsumersOptions): Consumer {
  const consumers: Consumer[] = [];
  const vertexAi = config.providers['vertex-ai'];
  if (vertexAi.pubsub.pull.subscription !== '') {
    consumers.push(startPubsubPull({ config: vertexAi, ...shared }));
  }
  const spec001 = config.providers['spec-001'];
  if (spec001.kafka.topic !== '') {
    const { logger, metrics, notifyOperations } = shared;
    consumers.push(startSpec001Kafka({ config: spec001, inbox, logger, metrics, notifyOperations }));
  }
  const { monai } = config.providers;
  if (monai.enabled) consumers.push(startMonaiRabbitmq({ config: monai, inbox, ...shared }));
  return {
    ready: () => consumers.every((consumer) => consumer.ready()),
    async close() {
      await Promise.all(consumers.map((consumer) => consumer.close()));
    },
  };
}
