import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from 'rabbitmq-client';

/** MONAI's names. */
export const EXCHANGE = 'monaideploy';
export const UPDATES = 'md.tasks.update';
const DEAD_LETTERS = 'monaideploy-dead-letter';

const AGAIN_AFTER_MS = 300;

/** As MONAI's own services make it, before any gateway asks for it, so that nothing that is published is without a queue. */
export async function declareTopology(url: string): Promise<void> {
  const amqp = connect(url);
  try {
    for (const exchange of [EXCHANGE, DEAD_LETTERS]) {
      await amqp.exchangeDeclare({ exchange, type: 'topic', durable: true });
    }
    for (const queue of ['md.tasks.dispatch', 'md.tasks.callback', 'md.tasks.cancellation']) {
      const args = { 'x-queue-type': 'quorum', 'x-delivery-limit': 3, 'x-dead-letter-exchange': DEAD_LETTERS } as const;
      await amqp.queueDeclare({ queue, durable: true, arguments: args });
      await amqp.queueBind({ queue, exchange: EXCHANGE, routingKey: queue });
      await amqp.queueDeclare({ queue: `${queue}-dead-letter`, durable: true });
      await amqp.queueBind({ queue: `${queue}-dead-letter`, exchange: DEAD_LETTERS, routingKey: queue });
    }
    await amqp.queueDeclare({ queue: UPDATES, durable: true });
    await amqp.queueBind({ queue: UPDATES, exchange: EXCHANGE, routingKey: UPDATES });
  } finally {
    await amqp.close();
  }
}

/** Publishes until the broker confirms; what was not confirmed may have arrived all the same. */
export function publisherTo(url: string) {
  const amqp = connect(url);
  const publisher = amqp.createPublisher({ confirm: true });
  let isClosed = false;
  return {
    /** @param body a text is sent as it is */
    async send(routingKey: string, body: unknown): Promise<void> {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      while (!isClosed) {
        try {
          const properties = { durable: true, contentType: 'application/json', messageId: randomUUID() };
          return await publisher.send({ exchange: EXCHANGE, routingKey, ...properties }, Buffer.from(text));
        } catch {
          await sleep(AGAIN_AFTER_MS); // the broker was killed
        }
      }
    },
    async close(): Promise<void> {
      isClosed = true;
      amqp.unsafeDestroy();
    },
  };
}

function connect(url: string): Connection {
  const amqp = new Connection({ url, retryLow: 200, retryHigh: 1_000 });
  amqp.on('error', () => undefined); // a refusal reaches the caller, too
  return amqp;
}
