import { setTimeout as sleep } from 'node:timers/promises';
import type { AsyncMessage, Channel } from 'rabbitmq-client';
import type { RabbitmqConnection } from './connection';
import { answered, BrokerFault, leave, toBrokerFault } from './fault';
import { createPublisher } from './publisher';

/** What becomes of a message. again: it goes to the end of its queue, as if it had just come. */
export type Verdict = 'done' | 'never' | 'again';

export interface ConsumeOptions {
  readonly queues: readonly string[];
  /** Messages of each queue that may be in hand at once. */
  readonly prefetch: number;
  /** Called before a queue is consumed, each time that this begins. */
  readonly prepare: (queue: string) => Promise<void>;
  /**
   * @param stop aborted when the message is not ours any more (its channel has gone), or when consuming ends: whoever
   *   only waits should then stop waiting
   */
  readonly take: (message: AsyncMessage, queue: string, stop: AbortSignal) => Promise<Verdict>;
  /** Every queue is being consumed. */
  readonly onConsuming: () => void;
  /** One is not, or not any more; it is tried on. */
  readonly onLost: (reason: string) => void;
  /** How long `close` waits for what is in hand, ms. */
  readonly closeMs: number;
}

export interface Consuming {
  isConsuming(): boolean;
  /** Takes no more, waits for what is in hand, and leaves. */
  close(): Promise<void>;
}

const PAUSE_MS = 1_000;
const CONNECTED_WITHIN_MS = 10_000;

/**
 * RabbitMQ itself gives up after a minute. Not sooner, because a question that is left behind is still answered: the queue then
 * delivers to nobody, and counts that as a failed delivery.
 */
const CONSUMING_WITHIN_MS = 90_000;

/**
 * Consumes queues for ever: whenever channel or connection break, it begins again. Each queue has a channel of its own, so that
 * one that does not answer holds up no other, and none is left with messages in hand because of another.
 */
export function consumeQueues(connection: RabbitmqConnection, options: ConsumeOptions): Consuming {
  const { queues, prefetch, prepare, take, onConsuming, onLost, closeMs } = options;
  const closing = new AbortController();
  const inHand = new Set<Promise<void>>();
  const publisher = createPublisher(connection);
  const consumed = new Set<string>();

  const handle = async (channel: Channel, message: AsyncMessage, queue: string, lost: AbortSignal): Promise<void> => {
    const verdict = await take(message, queue, AbortSignal.any([lost, closing.signal]));
    // Its channel has gone, and the broker has taken it back.
    if (!channel.active) return;
    const { deliveryTag } = message;
    if (verdict === 'done') channel.basicAck({ deliveryTag });
    if (verdict === 'never') channel.basicNack({ deliveryTag, requeue: false });
    if (verdict === 'again') await putBack(channel, message, queue);
  };

  /**
   * Not by a nack: each return counts towards the queue's delivery limit, and an outage of some length would make dead
   * letters of messages that nothing is wrong with. A crash between the two steps doubles the message, which its taker
   * has to bear anyway.
   */
  const putBack = async (channel: Channel, message: AsyncMessage, queue: string): Promise<void> => {
    const { deliveryTag, body, consumerTag, redelivered, exchange, routingKey, ...properties } = message;
    const bytes = bytesOf(message);
    try {
      if (bytes === undefined) throw new BrokerFault('lasting', 'the body cannot be written');
      const messageId = properties.messageId ?? '';
      await publisher.publish({ ...properties, messageId, exchange: '', routingKey: queue }, bytes);
      if (channel.active) channel.basicAck({ deliveryTag });
    } catch {
      // It stays where it is: better counted than lost.
      if (channel.active) channel.basicNack({ deliveryTag, requeue: true });
    }
  };

  const consumeOnce = async (queue: string): Promise<string> => {
    await connection.untilUp(CONNECTED_WITHIN_MS);
    await prepare(queue);
    const channel = await answered(connection.amqp.acquire({ emitErrorsFromChannel: true }));
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
      closing.signal.addEventListener('abort', () => resolve());
    });
    try {
      await answered(channel.basicQos({ prefetchCount: prefetch }));
      const { consumerTag } = await answered(
        channel.basicConsume({ queue }, (message) => {
          const handling = handle(channel, message, queue, lost.signal).finally(() => inHand.delete(handling));
          inHand.add(handling);
        }),
        CONSUMING_WITHIN_MS,
      );
      consumed.add(queue);
      if (consumed.size === queues.length) onConsuming();
      await over;
      consumed.delete(queue);
      if (closing.signal.aborted && channel.active) {
        await answered(channel.basicCancel(consumerTag));
        await Promise.race([Promise.allSettled(inHand), sleep(closeMs, undefined, { ref: false })]);
      }
      return reason;
    } finally {
      consumed.delete(queue);
      lost.abort();
      await leave(channel);
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

/**
 * The body as it came: the library has parsed it where its content type says JSON or text. Undefined for one that is nested so
 * deep that it can be parsed and not be written.
 */
export function bytesOf({ body }: Pick<AsyncMessage, 'body'>): Buffer | undefined {
  if (Buffer.isBuffer(body)) return body;
  try {
    return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
