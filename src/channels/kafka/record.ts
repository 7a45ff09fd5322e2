import type { KafkaRecord } from '../../brokers/kafka/producer';
import type { Message } from '../../domain/message';

/**
 * A message as Kafka carries it: the body's exact bytes, the broker's key, and headers. CloudEvents attributes change
 * their prefix from `ce-` to `ce_` and are plain text here, where HTTP wants them percent-encoded.
 * Source: CloudEvents Kafka Protocol Binding 1.0.2, section 3.2.
 */
export function toRecord(topic: string, message: Message): KafkaRecord {
  const { id, content_type, headers, body, broker } = message;
  return {
    topic,
    ...(broker !== undefined && { key: Buffer.from(broker.key) }),
    value: Buffer.from(body),
    headers: new Map([
      ['content-type', content_type],
      ['webhook-id', id],
      ['idempotency-key', id],
      ...Object.entries(headers).map(([name, value]) => asKafkaHeader(name, value)),
    ]),
  };
}

function asKafkaHeader(name: string, value: string): readonly [string, string] {
  if (!name.startsWith('ce-')) return [name, value];
  return [`ce_${name.slice('ce-'.length)}`, decodeURIComponent(value)];
}
