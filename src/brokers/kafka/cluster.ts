import type { BaseOptions } from '@platformatic/kafka';

/** How a Kafka cluster is reached. */
export interface KafkaCluster {
  /** `host:port`, to ask for the whole cluster; one that answers is enough. */
  readonly brokers: readonly string[];
  readonly sasl: KafkaSasl | null;
  /** Certificates are checked against those of Node.js and `NODE_EXTRA_CA_CERTS`. */
  readonly tls: boolean;
}

export interface KafkaSasl {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: string;
}

/** As the broker's own logs and quotas name us. */
const CLIENT_ID = 'jobherald';

/** What every client of the cluster is made with. */
export function connectionOptions({ brokers, sasl, tls }: KafkaCluster): BaseOptions {
  return {
    clientId: CLIENT_ID,
    bootstrapBrokers: [...brokers],
    ...(sasl !== null && { sasl: { ...sasl } }),
    ...(tls && { tls: {}, tlsServerName: true }),
  };
}
