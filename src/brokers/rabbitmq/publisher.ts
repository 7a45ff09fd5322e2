import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Channel } from 'rabbitmq-client';
import type { RabbitmqConnection } from './connection';
import { BrokerFault, toBrokerFault } from './fault';
import { carriable, type Properties } from './properties';

/** Publishes with publisher confirms, on its own channel, which is reopened when it breaks. */
export interface Publisher {
  /**
   * Resolves when RabbitMQ has confirmed the message: it is in every bound queue, on disk if the queue is durable.
   * What AMQP cannot carry of the properties is replaced or left out, see properties.ts.
   * @throws {BrokerFault} `lasting` also if no queue is bound: the message would be lost
   */
  publish(properties: Properties, body: Buffer): Promise<void>;
  /** Abandons the channel and whatever is not confirmed. The next message opens another. */
  reset(): void;
}

/** Without a broker an attempt must fail within seconds; the retry schedule is what waits for hours. */
const CONNECTED_WITHIN_MS = 5_000;

export function createPublisher(connection: RabbitmqConnection): Publisher {
  let opening: Promise<Channel> | undefined;
  /** Ids of returned messages, until their confirm has arrived. */
  const returned: string[] = [];

  const open = async (): Promise<Channel> => {
    const channel = await connection.amqp.acquire();
    channel.on('basic.return', ({ messageId }) => returned.push(messageId ?? ''));
    await channel.confirmSelect();
    return channel;
  };
  const channel = async (): Promise<Channel> => {
    if (opening && !(await isActive(opening))) opening = undefined;
    opening ??= open();
    return opening;
  };

  return {
    async publish(given, body) {
      // Before it comes near the channel: whatever the client cannot encode breaks that, and what others have on it.
      const properties = carriable(given);
      await connection.untilUp(CONNECTED_WITHIN_MS);
      try {
        await (await channel()).basicPublish({ ...properties, mandatory: true }, body);
      } catch (error) {
        throw toBrokerFault(error);
      }
      // A message is returned just before its confirm, but the library emits the event a turn later.
      await nextTurn();
      const at = returned.indexOf(properties.messageId);
      if (at === -1) return;
      returned.splice(at, 1);
      throw new BrokerFault(
        'lasting',
        `no queue is bound to exchange ${properties.exchange} for ${properties.routingKey}, so nobody would get the message; ` +
          'bind one, as its consumer does when it first starts',
      );
    },
    reset() {
      const left = opening;
      opening = undefined;
      // It may be broken already: then there is nothing to close.
      left?.then((channel) => channel.close()).catch(() => undefined);
    },
  };
}

async function isActive(opening: Promise<Channel>): Promise<boolean> {
  try {
    return (await opening).active;
  } catch {
    return false; // reported to the caller that opened it
  }
}
