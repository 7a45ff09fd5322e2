import type { System } from '../system';
import { type Spec001Config, spec001Config } from './config';

/** SPEC-001: jobs that report their own state, by Kafka or HTTP. Nobody is asked. */
export const spec001: System<'spec-001', Spec001Config> = {
  name: 'spec-001',
  config: spec001Config,

  createProviders(config) {
    const { createSpec001Provider } = require('./provider') as typeof import('./provider');
    return [createSpec001Provider(config)];
  },

  ingress: () => (require('./ingress') as typeof import('./ingress')).spec001Routes,

  startConsumers(config, context) {
    if (config.kafka.topic === '') return [];
    const { startSpec001Kafka } = require('./consumer/consume-topic') as typeof import('./consumer/consume-topic');
    return [startSpec001Kafka({ config, ...context })];
  },

  schemas: { published: ['Spec001Message'] },

  formatSettings: ({ source }) => ({
    source: { application: source.application, environment_type: source.environmentType },
  }),
};
