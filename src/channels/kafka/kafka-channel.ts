import { faultOf, type KafkaFault } from '../../brokers/kafka/fault';
import { createKafkaProducer, type KafkaProducer, type KafkaRecord, type Warn } from '../../brokers/kafka/producer';
import type { KafkaEndpoint } from '../../config/config';
import type { Message } from '../../domain/message';
import { DELIVERED, type Outcome, RETRY, RETRY_SLOWLY } from '../../domain/message';
import { type AttemptReport, type Channel, timed } from '../channel';

/**
 * Sends events to Kafka: acknowledged by every in-sync replica, with the partition that Kafka's own clients choose for
 * the key. Keeps one producer per endpoint and cluster. See docs/spec-001.md.
 */
export function createKafkaChannel({ warn }: { readonly warn: Warn }): Channel<KafkaEndpoint> {
  const producers = new Map<string, KafkaProducer>();
  const producerFor = ({ name, brokers, sasl, tls }: KafkaEndpoint): KafkaProducer => {
    const cluster = { brokers, sasl, tls };
    const key = JSON.stringify([name, cluster]);
    const producer =
      producers.get(key) ??
      createKafkaProducer(cluster, (message, details) => warn(message, { endpoint: name, ...details }));
    producers.set(key, producer);
    return producer;
  };

  const attempt = async (endpoint: KafkaEndpoint, message: Message, signal: AbortSignal): Promise<AttemptReport> => {
    try {
      const record = toRecord(endpoint.topic, message);
      const address = await producerFor(endpoint).send(record, { timeoutMs: endpoint.timeoutMs, signal });
      return { outcome: DELIVERED, log: address === undefined ? {} : { address } };
    } catch (error) {
      const fault = faultOf(error);
      return { outcome: outcomeOf(fault), log: { error: fault.text } };
    }
  };

  return {
    send: (endpoint, message, signal) => timed(() => attempt(endpoint, message, signal)),
    async close() {
      await Promise.all([...producers.values()].map((producer) => producer.close()));
      producers.clear();
    },
  };
}

/** What a failed attempt means for the delivery. */
function outcomeOf({ kind, text }: KafkaFault): Outcome {
  switch (kind) {
    case 'unacceptable':
      return { kind: 'gone', pauseEndpoint: false, reason: text };
    // Somebody has to create the topic, or fix credentials or permissions.
    case 'unknown_topic':
    case 'refused':
      return RETRY_SLOWLY;
    default:
      return RETRY;
  }
}

/**
 * A message as a Kafka record: the body's exact bytes, the broker key, and headers. CloudEvents attributes change their
 * prefix from `ce-` to `ce_` and are plain text here, where HTTP wants them percent-encoded.
 * Source: CloudEvents Kafka Protocol Binding 1.0.2, section 3.2.
 */
function toRecord(topic: string, message: Message): KafkaRecord {
  const { id, content_type, headers, body, broker } = message;
  return {
    topic,
    ...(broker !== undefined && { key: Buffer.from(broker.key) }),
    value: Buffer.from(body),
    headers: new Map([
      ['content-type', content_type],
      ['webhook-id', id],
      ['idempotency-key', id],
      ...Object.entries(headers).map(([name, value]) => toKafkaHeader(name, value)),
    ]),
  };
}

function toKafkaHeader(name: string, value: string): readonly [string, string] {
  if (!name.startsWith('ce-')) return [name, value];
  return [`ce_${name.slice('ce-'.length)}`, decodeURIComponent(value)];
}
