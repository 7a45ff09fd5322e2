import { isIP } from 'node:net';
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
    ...(tls && { tls: {}, tlsServerName: brokers.some(hasName) }),
  };
}

/** Hosted clusters route by the server name of TLS, which an IP address may not be (RFC 6066 section 3). */
function hasName(broker: string): boolean {
  return isIP(broker.slice(0, broker.lastIndexOf(':')).replace(/^\[|\]$/g, '')) === 0;
}
