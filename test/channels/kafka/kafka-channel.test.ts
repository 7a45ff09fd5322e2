import { randomUUID } from 'node:crypto';
import { createKafkaChannel } from '../../../src/channels/kafka/kafka-channel';
import type { KafkaEndpoint } from '../../../src/config/config';
import type { Message } from '../../../src/domain/message';
import { freePort } from '../../support/free-port';
import { createTopic, KAFKA_WITHIN_MS } from '../../support/services/kafka/admin';
import { readTopic } from '../../support/services/kafka/read-topic';
import { KAFKA_USER } from '../../support/services/kafka/runner';
import { type SharedServices, sharedService } from '../../support/services/shared-service';
import { aKafkaEndpoint } from './a-kafka-endpoint';

const channel = createKafkaChannel({ warn: () => undefined });
const never = new AbortController().signal;
let kafka: SharedServices['kafka'];
let topic: string;

beforeAll(async () => {
  kafka = await sharedService('kafka');
}, KAFKA_WITHIN_MS);
beforeEach(async () => {
  topic = `status-${randomUUID()}`;
  await createTopic(kafka.broker, topic);
});
afterAll(() => channel.close());

function endpoint(changes: Partial<KafkaEndpoint> = {}): KafkaEndpoint {
  return { ...aKafkaEndpoint({ brokers: [kafka.broker], topic }), name: topic, ...changes };
}

function message(changes: Partial<Message> = {}): Message {
  const id = randomUUID();
  const broker = { key: 'job-1', type: 'job.succeeded', correlation_id: 'job-1', timestamp: '2026-01-02T03:04:05Z' };
  return { id, content_type: 'application/json', headers: {}, body: '{"a":"ü"}', broker, ...changes };
}

describe('the Kafka channel', () => {
  it('puts the exact bytes into the topic, with the key and the headers of the message', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const sent = message({ headers: { traceparent } });
    const { outcome, attempt } = await channel.send(endpoint(), sent, never);

    expect(outcome).toEqual({ kind: 'delivered' });
    expect(attempt).toEqual({ time: expect.any(String), duration_ms: expect.any(Number), address: kafka.broker });
    const { id } = sent;
    const headers = { 'content-type': 'application/json', 'webhook-id': id, 'idempotency-key': id, traceparent };
    expect(await readTopic(kafka.broker, topic, 1)).toEqual([
      { key: 'job-1', value: sent.body, headers, partition: 0, offset: 0 },
    ]);
  });

  it('writes CloudEvents attributes as their Kafka binding does', async () => {
    await channel.send(endpoint(), message({ headers: { 'ce-id': 'x', 'ce-subject': 'a%20b%C3%BC' } }), never);

    const [received] = await readTopic(kafka.broker, topic, 1);
    expect(received?.headers).toMatchObject({ ce_id: 'x', ce_subject: 'a bü' });
    expect(received?.headers).not.toHaveProperty('ce-id');
  });

  it('loses and repeats none of a thousand messages that are sent at once, and keeps the order of a key', async () => {
    const sent = Array.from({ length: 1_000 }, (_, number) => message({ body: String(number) }));
    const results = await Promise.all(sent.map((each) => channel.send(endpoint(), each, never)));

    expect(new Set(results.map(({ outcome }) => outcome.kind))).toEqual(new Set(['delivered']));
    const received = await readTopic(kafka.broker, topic, 1_000);
    expect(received.map(({ value }) => value)).toEqual(sent.map(({ body }) => body));
  });

  it('puts a key on the partition on which Kafka itself would put it', async () => {
    const many = `three-${randomUUID()}`;
    await createTopic(kafka.broker, many, { partitions: 3 });
    const broker = { key: '', type: '', correlation_id: '', timestamp: '' };
    // By org.apache.kafka.common.utils.Utils.murmur2; the last has a negative hash, where clients have differed.
    for (const key of ['21', 'foobar', 'a-little-bit-long-string'])
      await channel.send(endpoint({ topic: many }), message({ broker: { ...broker, key } }), never);

    const received = await readTopic(kafka.broker, many, 3);
    expect(Object.fromEntries(received.map(({ key, partition }) => [key, partition]))).toEqual({
      // toPositive(murmur2(key)) % 3
      '21': (-973932308 & 0x7fffffff) % 3,
      foobar: (-790332482 & 0x7fffffff) % 3,
      'a-little-bit-long-string': (-985981536 & 0x7fffffff) % 3,
    });
  });

  it.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)('signs in with %s', async (mechanism) => {
    const brokers = [kafka.saslBroker];
    const { outcome } = await channel.send(endpoint({ brokers, sasl: { mechanism, ...KAFKA_USER } }), message(), never);
    expect(outcome).toEqual({ kind: 'delivered' });
  });

  it('retries slowly where its credentials are refused, and does not log them', async () => {
    const sasl = { mechanism: 'PLAIN', username: KAFKA_USER.username, password: 'not the password' } as const;
    const { outcome, attempt } = await channel.send(endpoint({ brokers: [kafka.saslBroker], sasl }), message(), never);

    expect(outcome).toEqual({ kind: 'retry', slow: true });
    expect(attempt.error).toMatch(/authentication/i);
    expect(attempt.error).not.toContain('not the password');
  });

  it('tries slowly where there is no such topic', async () => {
    const { outcome, attempt } = await channel.send(endpoint({ topic: 'nowhere' }), message(), never);
    expect(outcome).toEqual({ kind: 'retry', slow: true });
    expect(attempt.error).toBe('Unknown topic nowhere.');
  });

  it('tries again where there is no broker, within the timeout', async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    const startedAt = Date.now();
    const { outcome, attempt } = await channel.send(
      endpoint({ brokers: [nobody], timeoutMs: 2_000 }),
      message(),
      never,
    );
    expect(outcome).toEqual({ kind: 'retry', slow: false });
    expect(attempt.error).toMatch(`connect ECONNREFUSED ${nobody}`);
    expect(Date.now() - startedAt).toBeLessThan(20_000);
  });

  it('gives up a message that the broker takes to be too large, and only that one', async () => {
    const large = message({ body: 'x'.repeat(1_100_000) });
    const results = await Promise.all(
      [large, message(), message()].map((each) => channel.send(endpoint(), each, never)),
    );

    expect(results.map(({ outcome }) => outcome.kind)).toEqual(['gone', 'delivered', 'delivered']);
    expect(results[0]?.outcome).toMatchObject({
      pauseEndpoint: false,
      reason: expect.stringMatching('MESSAGE_TOO_LARGE'),
    });
  });

  it('ends an attempt as soon as it is given up', async () => {
    const stop = new AbortController();
    const brokers = [`127.0.0.1:${await freePort()}`];
    const attempt = channel.send(endpoint({ name: 'away', brokers, timeoutMs: 30_000 }), message(), stop.signal);
    stop.abort(new Error('the worker stops'));
    expect(await attempt).toMatchObject({ outcome: { kind: 'retry' }, attempt: { error: 'the worker stops' } });
  });
});
