import type { System } from '../system';
import { type HttpConfig, httpConfig } from './config/section';

/** Services that answer a GET with the status of a job in JSON: a provider each, by configuration alone. */
export const http: System<'http', HttpConfig> = {
  name: 'http',
  config: httpConfig,

  createProviders(services, options) {
    const { createHttpProvider } = require('./provider') as typeof import('./provider');
    return services.map((service) => createHttpProvider(service, options));
  },

  ingress: () => (require('./ingress') as typeof import('./ingress')).httpRoutes,
};
