import type { Channel } from 'rabbitmq-client';
import type { RabbitmqConnection } from './connection';
import { amqpCode, closeChannel, toBrokerFault, withRabbitmqTimeout } from './fault';

/** A durable topic exchange with queues, and the dead letter exchange of those. */
export interface Topology {
  readonly exchange: string;
  /** The topic exchange for what the queues reject. */
  readonly deadLetterExchange: string;
  readonly queues: readonly { readonly name: string; readonly routingKey: string }[];
}

/** Deliveries of one message after which RabbitMQ itself dead-letters it. */
const DELIVERY_LIMIT = 3;

/**
 * Declares what is missing. What exists with other arguments is used as it is: a queue cannot be changed, and somebody
 * relies on it.
 * @param onOther called for each exchange or queue that exists with other arguments
 * @throws {BrokerFault}
 */
export async function makeTopology(
  connection: RabbitmqConnection,
  { exchange, deadLetterExchange, queues }: Topology,
  onOther: (what: string) => void,
): Promise<void> {
  /** RabbitMQ closes the channel on a declaration that does not fit, so each has one of its own. */
  const inOwnChannel = async (use: (channel: Channel) => Promise<unknown>): Promise<void> => {
    const channel = await withRabbitmqTimeout(connection.amqp.acquire({ emitErrorsFromChannel: true }));
    // The rejection reports it.
    channel.on('error', () => undefined);
    try {
      await withRabbitmqTimeout(use(channel));
    } finally {
      await closeChannel(channel);
    }
  };
  const declare = async (
    what: string,
    make: (channel: Channel) => Promise<unknown>,
    find: (channel: Channel) => Promise<unknown>,
  ): Promise<void> => {
    try {
      await inOwnChannel(make);
    } catch (error) {
      if (amqpCode(error) !== 'PRECONDITION_FAILED' && amqpCode(error) !== 'ACCESS_REFUSED') throw error;
      await inOwnChannel(find);
      onOther(what);
    }
  };
  const topicExchange = (name: string) =>
    declare(
      `exchange ${name}`,
      (channel) => channel.exchangeDeclare({ exchange: name, type: 'topic', durable: true }),
      (channel) => channel.exchangeDeclare({ exchange: name, passive: true }),
    );
  const queue = (name: string, args: Record<string, unknown>) =>
    declare(
      `queue ${name}`,
      (channel) => channel.queueDeclare({ queue: name, durable: true, arguments: args }),
      (channel) => channel.queueDeclare({ queue: name, passive: true }),
    );

  try {
    await topicExchange(exchange);
    await topicExchange(deadLetterExchange);
    for (const { name, routingKey } of queues) {
      const deadLetters = `${name}-dead-letter`;
      await queue(deadLetters, {});
      // By the queue's name as well: a requeued message (see consume.ts) has that as its routing key.
      for (const key of new Set([routingKey, name])) {
        await inOwnChannel((channel) =>
          channel.queueBind({ queue: deadLetters, exchange: deadLetterExchange, routingKey: key }),
        );
      }
      await queue(name, {
        'x-queue-type': 'quorum',
        'x-delivery-limit': DELIVERY_LIMIT,
        'x-dead-letter-exchange': deadLetterExchange,
      });
      await inOwnChannel((channel) => channel.queueBind({ queue: name, exchange, routingKey }));
    }
  } catch (error) {
    throw toBrokerFault(error);
  }
}
