import type { System } from '../system';
import { type TencentBatchConfig, tencentBatchConfig } from './config';
import { tencentNotifications } from './notifications';

/** Tencent Cloud Batch: its jobs are asked about by its API, its events come by CMQ's push. */
export const tencentBatch: System<'tencent-batch', TencentBatchConfig> = {
  name: 'tencent-batch',
  config: tencentBatchConfig,

  createProviders(config, options) {
    const { createTencentBatchProvider } = require('./provider') as typeof import('./provider');
    return [createTencentBatchProvider(config, options)];
  },

  ingress: () => (require('./ingress') as typeof import('./ingress')).tencentBatchRoutes,

  schemas: { published: ['TencentBatchEvent'], event: 'TencentBatchEvent' },

  notifications: tencentNotifications,
};
