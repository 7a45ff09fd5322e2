import type { BaseOptions } from '@platformatic/kafka';
import type { KafkaCluster } from '../../config/config';

/** As the broker's own logs and quotas name us. */
const CLIENT_ID = 'jobherald';

/** What every client of the cluster is made with. TLS trusts what Node.js trusts, and `NODE_EXTRA_CA_CERTS`. */
export function connectionOptions({ brokers, sasl, tls }: KafkaCluster): BaseOptions {
  return {
    clientId: CLIENT_ID,
    bootstrapBrokers: [...brokers],
    ...(sasl !== null && { sasl: { ...sasl } }),
    ...(tls && { tls: {}, tlsServerName: true }),
  };
}
