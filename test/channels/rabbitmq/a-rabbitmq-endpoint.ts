import type { RabbitmqEndpoint } from '../../../src/config/config';
import { ENDPOINT_DEFAULTS } from '../../../src/config/defaults';

/** A RabbitMQ endpoint as the configuration makes one. */
export function aRabbitmqEndpoint(given: Partial<RabbitmqEndpoint>): RabbitmqEndpoint {
  const { events, format, limits, timeoutMs, retry } = ENDPOINT_DEFAULTS;
  const base = { name: 'updates', events, format, limits, timeoutMs, retry };
  return { ...base, type: 'rabbitmq', url: '', exchange: '', routingKey: 'md.tasks.update', ...given };
}
