import type { Logger } from 'pino';
import type { Jobs } from '../../client/jobs';
import type { Config } from '../../config/config';
import type { GatewayMetrics } from '../observe/metrics';
import type { Consumer } from './consumer';

export interface ConsumersOptions {
  readonly config: Config;
  readonly jobs: Jobs;
  readonly logger: Logger;
  readonly metrics: GatewayMetrics;
}

/** Starts every consumer that is configured; what none of them needs is not loaded. */
export async function startConsumers({ config, ...shared }: ConsumersOptions): Promise<Consumer> {
  const consumers: Consumer[] = [];
  const vertexAi = config.providers['vertex-ai'];
  if (vertexAi.pubsub.pull.subscription !== '') {
    const { startPubsubPull } = await import('./pubsub-pull.js');
    consumers.push(startPubsubPull({ config: vertexAi, ...shared }));
  }
  return {
    ready: () => consumers.every((consumer) => consumer.ready()),
    async close() {
      await Promise.all(consumers.map((consumer) => consumer.close()));
    },
  };
}
