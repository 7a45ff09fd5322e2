import { faultOf } from '../../brokers/kafka/fault';
import { createKafkaProducer, type KafkaProducer } from '../../brokers/kafka/producer';
import type { KafkaEndpoint } from '../../config/config';
import type { Attempt } from '../../domain/delivery';
import type { Message } from '../../domain/message';
import { DELIVERED, type Outcome } from '../../domain/outcome';
import type { Channel } from '../channel';
import { outcomeOf } from './outcome';
import { toRecord } from './record';

/**
 * Sends events to Kafka: acknowledged by every in-sync replica, key and partition as Kafka's own clients would have
 * them. A producer for each cluster is kept. See docs/spec-001.md.
 */
export function createKafkaChannel(): Channel<KafkaEndpoint> {
  const producers = new Map<string, KafkaProducer>();
  const producerFor = ({ name, brokers, sasl, tls }: KafkaEndpoint): KafkaProducer => {
    const cluster = { brokers, sasl, tls };
    const key = JSON.stringify([name, cluster]);
    const producer = producers.get(key) ?? createKafkaProducer(cluster);
    producers.set(key, producer);
    return producer;
  };

  const sendOnce = async (endpoint: KafkaEndpoint, message: Message, signal: AbortSignal): Promise<AttemptReport> => {
    try {
      const record = toRecord(endpoint.topic, message);
      const address = await producerFor(endpoint).send(record, { timeoutMs: endpoint.timeoutMs, signal });
      return { outcome: DELIVERED, told: address === undefined ? {} : { address } };
    } catch (error) {
      const fault = faultOf(error);
      return { outcome: outcomeOf(fault), told: { error: fault.text } };
    }
  };

  return {
    async send(endpoint, message, signal) {
      const time = new Date().toISOString();
      const startedAt = performance.now();
      const { outcome, told } = await sendOnce(endpoint, message, signal);
      return { outcome, attempt: { time, duration_ms: Math.round(performance.now() - startedAt), ...told } };
    },
    async close() {
      await Promise.all([...producers.values()].map((producer) => producer.close()));
      producers.clear();
    },
  };
}

/** What an attempt came to, and what the log tells of it. */
interface AttemptReport {
  readonly outcome: Outcome;
  readonly told: Pick<Attempt, 'error' | 'address'>;
}
