import type { KafkaSaslSection } from '../../schemas/types';
import type { KafkaCluster } from './config';

interface KafkaClusterSection {
  readonly brokers?: readonly string[];
  readonly sasl?: KafkaSaslSection;
  readonly tls?: boolean;
}

export function resolveKafkaCluster({ brokers = [], sasl, tls = false }: KafkaClusterSection): KafkaCluster {
  return {
    brokers: brokers.map((broker) => broker ?? ''),
    sasl: sasl === undefined ? null : resolveSasl(sasl),
    tls,
  };
}

function resolveSasl({ mechanism, username, password }: Partial<KafkaSaslSection>): KafkaCluster['sasl'] {
  return { mechanism: mechanism ?? 'PLAIN', username: username ?? '', password: password ?? '' };
}
