import type { Config, EndpointConfig, KafkaEndpoint, RabbitmqEndpoint, WebhookEndpoint } from '../../src/config/config';
import { ENDPOINT_DEFAULTS } from '../../src/config/defaults';
import { loadConfig } from '../../src/config/load-config';

/** A signing key for tests. */
export const TEST_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** A webhook with what differs from the defaults, signed with `orders`; or an endpoint of a broker in full. */
export type TestEndpoint =
  | (Partial<WebhookEndpoint> & { readonly name: string; readonly url: string })
  | KafkaEndpoint
  | RabbitmqEndpoint;

/** The default configuration with loopback receivers allowed and one secret, `orders`. */
export function testConfig(parts: {
  readonly endpoints?: readonly TestEndpoint[];
  readonly operations?: string;
  readonly temporal?: Partial<Config['temporal']>;
  readonly gateway?: Partial<Config['gateway']>;
}): Config {
  const defaults = loadConfig({ env: {}, cwd: '/nonexistent' });
  return {
    ...defaults,
    temporal: { ...defaults.temporal, ...parts.temporal },
    gateway: { ...defaults.gateway, inlineEndpoints: 'all', ...parts.gateway },
    operations: { endpoint: parts.operations ?? '' },
    network: { allow: ['127.0.0.0/8'], deny: [] },
    secrets: { orders: [TEST_SECRET] },
    endpoints: (parts.endpoints ?? []).map(inFull),
  };
}

function inFull(endpoint: TestEndpoint): EndpointConfig {
  if (endpoint.type === 'kafka' || endpoint.type === 'rabbitmq') return endpoint;
  return { ...ENDPOINT_DEFAULTS, secret: 'orders', hasDefaultEvents: endpoint.events === undefined, ...endpoint };
}
