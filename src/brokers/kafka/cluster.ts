import { isIP } from 'node:net';
import type { BaseOptions } from '@platformatic/kafka';
import type { KafkaCluster } from '../../config/config';
import { faultOf } from './fault';

/** The name in the broker's logs and quotas. */
const CLIENT_ID = 'jobherald';

/** Options of every client of the cluster. TLS trusts what Node.js trusts, and `NODE_EXTRA_CA_CERTS`. */
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

/**
 * How many partitions each of the topics has; undefined for one that the cluster does not have.
 * @throws what the client throws, see fault.ts
 */
export async function describeTopics(
  cluster: KafkaCluster,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number | undefined>> {
  const { Admin } = await import('@platformatic/kafka');
  const admin = new Admin({ ...connectionOptions(cluster), retries: false });
  const partitionsOf = async (topic: string): Promise<number | undefined> => {
    try {
      const metadata = await admin.metadata({ topics: [topic] });
      return metadata.topics.get(topic)?.partitionsCount;
    } catch (error) {
      if (faultOf(error).kind === 'unknown_topic') return undefined;
      throw error;
    }
  };
  try {
    const found = new Map<string, number | undefined>();
    for (const topic of topics) found.set(topic, await partitionsOf(topic));
    return found;
  } finally {
    await admin.close();
  }
}
