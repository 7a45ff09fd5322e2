import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from 'rabbitmq-client';
import type { RabbitmqConnection } from './connection';
import { BrokerFault, closeChannel, toBrokerFault, withRabbitmqTimeout } from './fault';
import { keepBodies, type RawMessage, withOwnType } from './keep-bodies';
import { createPublisher } from './publisher';

/** What happens to a message: acknowledged, dead-lettered, or put at the end of its queue as if it were new. */
export type Verdict = 'done' | 'never' | 'again';

export interface ConsumeOptions {
  readonly queues: readonly string[];
  /** Unacknowledged messages per queue. */
  readonly prefetch: number;
  /** Called each time before consuming a queue starts. */
  readonly prepare: (queue: string) => Promise<void>;
  /**
   * @param stop aborted when the message is no longer ours (its channel is closed), or when consuming ends: work that only
   *   waits should then stop
   */
  readonly take: (message: RawMessage, queue: string, stop: AbortSignal) => Promise<Verdict>;
  /** Every queue is being consumed. */
  readonly onConsuming: () => void;
  /** A queue is not, or no longer, being consumed; it is retried. */
  readonly onLost: (reason: string) => void;
  /** How long `close` waits for messages in progress, ms. */
  readonly closeMs: number;
}

export interface Consuming {
  isConsuming(): boolean;
  /** Stops consuming, waits for messages in progress, and closes the channels. */
  close(): Promise<void>;
}

const PAUSE_MS = 1_000;
const CONNECTED_WITHIN_MS = 10_000;

/**
 * RabbitMQ itself gives up after a minute. Not sooner, because an abandoned request still succeeds: the queue then delivers to
 * nobody, and counts that as a failed delivery.
 */
const CONSUMING_WITHIN_MS = 90_000;

/**
 * Consumes queues until it is closed: whenever a channel or the connection breaks, it starts again. Each queue has its own
 * channel, so that a queue that does not respond affects no other.
 */
export function consumeQueues(connection: RabbitmqConnection, options: ConsumeOptions): Consuming {
  const { queues, prefetch, prepare, take, onConsuming, onLost, closeMs } = options;
  const closing = new AbortController();
  const inProgress = new Set<Promise<void>>();
  const publisher = createPublisher(connection);
  const consumed = new Set<string>();

  const handle = async (channel: Channel, message: RawMessage, queue: string, lost: AbortSignal): Promise<void> => {
    const verdict = await take(message, queue, AbortSignal.any([lost, closing.signal]));
    // Its channel is closed, so the broker has requeued it.
    if (!channel.active) return;
    const { deliveryTag } = message;
    if (verdict === 'done') channel.basicAck({ deliveryTag });
    if (verdict === 'never') channel.basicNack({ deliveryTag, requeue: false });
    if (verdict === 'again') await requeue(channel, message, queue);
  };

  /**
   * Not by a nack: each return counts towards the queue's delivery limit, and a longer outage would
   * dead-letter good messages. A crash between the two steps duplicates the message, which its consumer has to tolerate
   * anyway.
   */
  const requeue = async (channel: Channel, message: RawMessage, queue: string): Promise<void> => {
    // Not its user, whom the broker lets nobody else name, and no copies for other queues.
    const { deliveryTag, body, consumerTag, redelivered, exchange, routingKey, userId, headers, ...properties } =
      message;
    const { CC, BCC, ...ownHeaders } = headers ?? {};
    try {
      const messageId = properties.messageId ?? '';
      const envelope = { ...properties, headers: ownHeaders, messageId, exchange: '', routingKey: queue };
      await publisher.publish(envelope, body);
      if (channel.active) channel.basicAck({ deliveryTag });
    } catch {
      // It stays in the queue: counted is better than lost.
      if (channel.active) channel.basicNack({ deliveryTag, requeue: true });
    }
  };

  const consumeOnce = async (queue: string): Promise<string> => {
    await connection.untilUp(CONNECTED_WITHIN_MS);
    await prepare(queue);
    const channel = await withRabbitmqTimeout(connection.amqp.acquire({ emitErrorsFromChannel: true }));
    const lost = new AbortController();
    let reason = 'the channel was closed';
    const over = new Promise<void>((resolve) => {
      channel.on('error', (error: Error) => {
        reason = error.message;
      });
      channel.once('close', () => resolve());
      channel.once('basic.cancel', () => {
        reason = 'the queue is gone';
        resolve();
      });
      closing.signal.addEventListener('abort', () => resolve(), { signal: lost.signal });
    });
    try {
      keepBodies(channel);
      await withRabbitmqTimeout(channel.basicQos({ prefetchCount: prefetch }));
      const { consumerTag } = await withRabbitmqTimeout(
        channel.basicConsume({ queue }, (message) => {
          const handling = handle(channel, withOwnType(message), queue, lost.signal).finally(() =>
            inProgress.delete(handling),
          );
          inProgress.add(handling);
        }),
        CONSUMING_WITHIN_MS,
      );
      consumed.add(queue);
      if (consumed.size === queues.length) onConsuming();
      await over;
      consumed.delete(queue);
      if (closing.signal.aborted && channel.active) {
        await withRabbitmqTimeout(channel.basicCancel(consumerTag));
        await Promise.race([Promise.allSettled(inProgress), sleep(closeMs, undefined, { ref: false })]);
      }
      return reason;
    } finally {
      consumed.delete(queue);
      lost.abort();
      await closeChannel(channel);
    }
  };

  const run = async (queue: string): Promise<void> => {
    while (!closing.signal.aborted) {
      const reason = await consumeOnce(queue).catch((error: unknown) => toBrokerFault(error).message);
      if (closing.signal.aborted) return;
      onLost(reason);
      await sleep(PAUSE_MS, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };
  const running = Promise.all(queues.map(run));

  return {
    isConsuming: () => consumed.size === queues.length,
    async close() {
      closing.abort(new BrokerFault('passing', 'consuming ends'));
      await Promise.race([running, sleep(closeMs, undefined, { ref: false })]);
      publisher.reset();
    },
  };
}
