import { connectRabbitmq, type RabbitmqConnection } from '../../brokers/rabbitmq/connection';
import { toBrokerFault } from '../../brokers/rabbitmq/fault';
import { createPublisher, type Publisher } from '../../brokers/rabbitmq/publisher';
import type { RabbitmqEndpoint } from '../../config/config';
import type { Attempt } from '../../domain/delivery';
import type { Message } from '../../domain/message';
import { DELIVERED, type Outcome, RETRY, RETRY_SLOWLY } from '../../domain/outcome';
import type { Channel } from '../channel';
import { startDeadline, unlessOver } from '../webhook/deadline';
import { propertiesOf } from './properties';

/**
 * Publishes events to RabbitMQ, each confirmed by the broker. One connection for each URL, however many endpoints have it; a
 * channel for each endpoint, so that a wrong exchange breaks nobody else's. See docs/monai.md.
 */
export function createRabbitmqChannel(): Channel<RabbitmqEndpoint> {
  const connections = new Map<string, RabbitmqConnection>();
  const publishers = new Map<string, Publisher>();

  const connectionTo = (url: string): RabbitmqConnection => {
    const connection = connections.get(url) ?? connectRabbitmq(url, { name: 'jobherald worker' });
    connections.set(url, connection);
    return connection;
  };
  const publisherFor = ({ name, url }: RabbitmqEndpoint): Publisher => {
    const key = JSON.stringify([name, url]);
    const publisher = publishers.get(key) ?? createPublisher(connectionTo(url));
    publishers.set(key, publisher);
    return publisher;
  };

  const sendOnce = async (endpoint: RabbitmqEndpoint, message: Message, stop: AbortSignal): Promise<AttemptReport> => {
    const deadline = startDeadline(endpoint.timeoutMs, stop);
    try {
      const publisher = publisherFor(endpoint);
      // Nobody will wait for what is not confirmed in time.
      const confirmed = publisher.publish(propertiesOf(message, endpoint), Buffer.from(message.body));
      await unlessOver(confirmed, deadline);
      return { outcome: DELIVERED, told: {} };
    } catch (error) {
      if (deadline.reason) publisherFor(endpoint).reset();
      const { kind, message: text } = toBrokerFault(error);
      return { outcome: kind === 'lasting' ? RETRY_SLOWLY : RETRY, told: { error: text.slice(0, 200) } };
    } finally {
      deadline.stop();
    }
  };

  return {
    async send(endpoint, message, stop) {
      const time = new Date().toISOString();
      const startedAt = performance.now();
      const { outcome, told } = await sendOnce(endpoint, message, stop);
      return { outcome, attempt: { time, duration_ms: Math.round(performance.now() - startedAt), ...told } };
    },
    async close() {
      for (const publisher of publishers.values()) publisher.reset();
      publishers.clear();
      await Promise.all([...connections.values()].map((connection) => connection.close()));
      connections.clear();
    },
  };
}

/** What an attempt came to, and what the log tells of it. */
interface AttemptReport {
  readonly outcome: Outcome;
  readonly told: Pick<Attempt, 'error'>;
}
