import type { System } from '../system';
import { type MonaiConfig, monaiConfig } from './config';

/** MONAI Deploy: its tasks are announced by RabbitMQ, and asked about at the service that runs them. */
export const monai: System<'monai', MonaiConfig> = {
  name: 'monai',
  config: monaiConfig,

  createProviders(config, options) {
    if (!config.enabled) return [];
    const { createMonaiProvider } = require('./provider') as typeof import('./provider');
    return [createMonaiProvider(config, options)];
  },

  startConsumers(config, context) {
    if (!config.enabled) return [];
    const { startMonaiRabbitmq } = require('./consumer/consume-tasks') as typeof import('./consumer/consume-tasks');
    return [startMonaiRabbitmq({ config, ...context })];
  },
};
