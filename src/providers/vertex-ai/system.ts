import type { System } from '../system';
import { type VertexAiConfig, vertexAiConfig } from './config';

/** Google's Vertex AI: its jobs are asked about by gRPC, its messages come by Pub/Sub and Eventarc. */
export const vertexAi: System<'vertex-ai', VertexAiConfig> = {
  name: 'vertex-ai',
  config: vertexAiConfig,

  createProviders(config, options) {
    const { createVertexAiProvider } = require('./provider') as typeof import('./provider');
    return [createVertexAiProvider(config, options)];
  },

  ingress: () => (require('./ingress') as typeof import('./ingress')).vertexAiRoutes,

  schemas: { published: ['VertexAiEvent'], event: 'VertexAiEvent' },

  startConsumers(config, context) {
    if (config.pubsub.pull.subscription === '') return [];
    const { startPubsubPull } = require('./pull/consume-subscription') as typeof import('./pull/consume-subscription');
    return [startPubsubPull({ config, ...context })];
  },
};
