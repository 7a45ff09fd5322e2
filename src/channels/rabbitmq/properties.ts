import type { Properties } from '../../brokers/rabbitmq/publisher';
import type { RabbitmqEndpoint } from '../../config/config';
import type { Message } from '../../domain/message';

type Address = Pick<RabbitmqEndpoint, 'exchange' | 'routingKey'>;

/** AMQP's properties of a message: the same at every attempt, so that `message_id` tells a repeat. */
export function propertiesOf(message: Message, { exchange, routingKey }: Address): Properties {
  const { id, content_type, headers, broker } = message;
  return {
    exchange,
    routingKey,
    messageId: id,
    appId: 'jobherald',
    contentType: content_type,
    // delivery_mode 2: a durable queue keeps it over the broker's restart.
    durable: true,
    headers: { ...headers },
    ...(broker && {
      type: broker.type,
      correlationId: broker.correlation_id,
      // Seconds, as AMQP 0-9-1 has it.
      timestamp: Math.floor(Date.parse(broker.timestamp) / 1000),
    }),
  };
}
