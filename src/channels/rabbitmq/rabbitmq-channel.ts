import { startTimeLimit } from '../../async/time-limit';
import { connectRabbitmq, type RabbitmqConnection } from '../../brokers/rabbitmq/connection';
import { toBrokerFault } from '../../brokers/rabbitmq/fault';
import type { Properties } from '../../brokers/rabbitmq/properties';
import { createPublisher, type Publisher } from '../../brokers/rabbitmq/publisher';
import type { RabbitmqEndpoint } from '../../config/config';
import type { Message } from '../../domain/message';
import { DELIVERED, RETRY, RETRY_SLOWLY } from '../../domain/message';
import { readTime } from '../../domain/parse-time';
import { type AttemptReport, type Channel, timed } from '../channel';

/**
 * Publishes events to RabbitMQ, each with a publisher confirm. Keeps one connection per URL, shared by all its endpoints,
 * and one AMQP channel per endpoint, so that a wrong exchange breaks no other endpoint. See docs/monai.md.
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

  const attempt = async (endpoint: RabbitmqEndpoint, message: Message, stop: AbortSignal): Promise<AttemptReport> => {
    const limit = startTimeLimit(endpoint.timeoutMs, stop);
    try {
      const publisher = publisherFor(endpoint);
      await limit.race(publisher.publish(propertiesOf(message, endpoint), Buffer.from(message.body)));
      return { outcome: DELIVERED, log: {} };
    } catch (error) {
      // Nobody waits for the confirm any more.
      if (limit.reason) publisherFor(endpoint).reset();
      const { kind, message: text } = toBrokerFault(error);
      return { outcome: kind === 'lasting' ? RETRY_SLOWLY : RETRY, log: { error: text.slice(0, 200) } };
    } finally {
      limit.clear();
    }
  };

  return {
    send: (endpoint, message, stop) => timed(() => attempt(endpoint, message, stop)),
    async close() {
      for (const publisher of publishers.values()) publisher.reset();
      publishers.clear();
      await Promise.all([...connections.values()].map((connection) => connection.close()));
      connections.clear();
    },
  };
}

/**
 * In seconds, as AMQP 0-9-1 has it. A time that it cannot hold must not keep a message from being sent: the client then takes the
 * time of the attempt.
 */
function timestampOf(text: string): Pick<Properties, 'timestamp'> {
  const time = readTime(text);
  return time ? { timestamp: Math.floor(time.getTime() / 1000) } : {};
}

/** The same at every attempt, so that a consumer recognises a repeat by `message_id`. */
function propertiesOf(
  { id, content_type, headers, broker }: Message,
  { exchange, routingKey }: RabbitmqEndpoint,
): Properties {
  return {
    exchange,
    routingKey,
    messageId: id,
    appId: 'jobherald',
    contentType: content_type,
    // delivery_mode 2: a durable queue keeps it over a restart of the broker.
    durable: true,
    headers: { ...headers },
    ...(broker && {
      type: broker.type,
      correlationId: broker.correlation_id,
      ...timestampOf(broker.timestamp),
    }),
  };
}
