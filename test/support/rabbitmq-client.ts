import { Connection, type SyncMessage } from 'rabbitmq-client';
import { eventually } from './eventually';

/** What a test does at the broker itself, beside the code it tries. */
export interface RabbitmqTestClient {
  readonly amqp: Connection;
  /** A durable queue bound to a topic exchange, both made where they are missing. */
  queue(name: string, exchange: string, routingKey: string): Promise<void>;
  /** Waits for the next message of a queue and takes it. */
  take(queue: string): Promise<SyncMessage>;
  /** How many messages wait in a queue. */
  count(queue: string): Promise<number>;
  publish(exchange: string, routingKey: string, body: unknown, properties?: object): Promise<void>;
  close(): Promise<void>;
}

export function connectTestClient(url: string): RabbitmqTestClient {
  const amqp = new Connection({ url: url.replace('//', '//guest:guest@'), retryLow: 200 });
  amqp.on('error', () => undefined);
  const publisher = amqp.createPublisher({ confirm: true, maxAttempts: 3 });
  return {
    amqp,
    async queue(name, exchange, routingKey) {
      await amqp.exchangeDeclare({ exchange, type: 'topic', durable: true });
      await amqp.queueDeclare({ queue: name, durable: true });
      await amqp.queueBind({ queue: name, exchange, routingKey });
    },
    take: (queue) =>
      eventually(`a message in ${queue}`, async () => {
        const message = await amqp.basicGet({ queue, noAck: true });
        return message ?? false;
      }),
    count: async (queue) => (await amqp.queueDeclare({ queue, passive: true })).messageCount,
    publish: (exchange, routingKey, body, properties = {}) =>
      publisher.send(
        { exchange, routingKey, durable: true, contentType: 'application/json', ...properties },
        Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      ),
    async close() {
      await publisher.close();
      amqp.unsafeDestroy();
    },
  };
}
