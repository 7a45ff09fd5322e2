import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from '../../../src/channels/channel';
import { createKafkaChannel } from '../../../src/channels/kafka/kafka-channel';
import type { KafkaEndpoint } from '../../../src/config/config';
import type { Message } from '../../../src/domain/message';
import { createTopic, KAFKA_WITHIN_MS } from '../../support/services/kafka/admin';
import { type KafkaService, startKafka } from '../../support/services/kafka/kafka';
import { readTopic } from '../../support/services/kafka/read-topic';
import { startTcpForwarder, type TcpForwarder } from '../../support/tcp-forwarder';
import { aKafkaEndpoint } from './a-kafka-endpoint';

let kafka: KafkaService;
let forwarder: TcpForwarder;
let channel: Channel<KafkaEndpoint>;
let topic: string;

beforeAll(async () => {
  kafka = await startKafka();
  forwarder = await startTcpForwarder(kafka.forwardedPort, `127.0.0.1:${kafka.listenerPort}`);
}, KAFKA_WITHIN_MS);
afterAll(async () => {
  await forwarder?.stop();
  await kafka?.stop();
});
beforeEach(async () => {
  channel = createKafkaChannel();
  topic = randomUUID();
  await createTopic(kafka.broker, topic);
});
afterEach(() => channel.close());

const brokers = () => [`127.0.0.1:${kafka.forwardedPort}`];

/** As the engine does: the same message, until it is delivered. Resolves with the number of attempts. */
async function deliver(message: Message): Promise<number> {
  const endpoint = { ...aKafkaEndpoint({ brokers: brokers(), topic }), timeoutMs: 4_000 };
  for (let attempts = 1; ; attempts++) {
    const { outcome } = await channel.send(endpoint, message, new AbortController().signal);
    if (outcome.kind === 'delivered') return attempts;
    expect(outcome).toEqual({ kind: 'retry', slow: false });
    await sleep(100);
  }
}

function message(number: number): Message {
  const broker = { key: 'job', type: 'job.progress', correlation_id: 'job', timestamp: '2026-01-02T03:04:05Z' };
  return { id: randomUUID(), content_type: 'application/json', headers: {}, body: String(number), broker };
}

describe('the Kafka channel', () => {
  it('writes a message once where the acknowledgement is lost with its connection', async () => {
    const sent = Array.from({ length: 12 }, (_, number) => message(number));
    await deliver(sent[0] as Message);
    for (const each of sent.slice(1)) {
      forwarder.loseNextAnswer();
      expect(await deliver(each)).toBe(1);
    }
    const received = await readTopic(kafka.broker, topic, sent.length);
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual(sent.map(({ id }) => id));
  });

  it('loses nothing when the broker dies and comes back, and repeats at most under the same id', async () => {
    const sent = Array.from({ length: 20 }, (_, number) => message(number));
    const delivering = (async () => {
      for (const each of sent) {
        await deliver(each);
        await sleep(50);
      }
    })();
    await sleep(300);
    await kafka.kill();
    await sleep(500);
    await kafka.restart();
    await delivering;

    const received = await readTopic(kafka.broker, topic, sent.length);
    const firstTime = new Map(received.map(({ headers, value }) => [headers['webhook-id'], value]));
    expect([...firstTime]).toEqual(sent.map(({ id, body }) => [id, body]));
  });
});
