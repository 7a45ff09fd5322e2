import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { Notice } from '../../../../src/domain/notice';
import { createMetrics } from '../../../../src/gateway/observe/metrics';
import type { Consumer } from '../../../../src/providers/ingress';
import { startSpec001Kafka } from '../../../../src/providers/spec-001/consumer/consume-topic';
import { eventually } from '../../../support/eventually';
import { createFakeInbox } from '../../../support/fake-inbox';
import { committedOffsets, createTopic, KAFKA_WITHIN_MS } from '../../../support/services/kafka/admin';
import { type JavaMessage, produceWithJava } from '../../../support/services/kafka/java-producer';
import { type KafkaService, startKafka } from '../../../support/services/kafka/kafka';
import { statusMessage } from '../../../support/spec-001-messages';
import { startTcpForwarder, type TcpForwarder } from '../../../support/tcp-forwarder';
import { testConfig } from '../../../support/test-config';

/** How what each codec makes begins, and how far behind that a byte is that matters. */
const CODECS = [
  { codec: 'gzip', begins: '1f8b0800', at: 14 },
  { codec: 'snappy', begins: '82534e4150505900', at: 24 },
  { codec: 'lz4', begins: '04224d18', at: 15 },
  { codec: 'zstd', begins: '28b52ffd', at: 8 },
] as const;
const BATCH = 3;

let kafka: KafkaService;
let forwarder: TcpForwarder | undefined;
const topic = `jobs-${randomUUID()}`;
const open: Consumer[] = [];

/** Of each codec a batch, with messages before, between and after; and messages of another partition. */
const messages: readonly JavaMessage[] = [
  ...CODECS.flatMap(({ codec }) => [
    aMessage('none', 0),
    ...Array.from({ length: BATCH }, () => aMessage(codec, 0)),
    aMessage('none', 0),
  ]),
  aMessage('none', 1),
];

function aMessage(compression: JavaMessage['compression'], partition: number): JavaMessage {
  return { topic, partition, compression, value: JSON.stringify(statusMessage()) };
}

beforeAll(async () => {
  kafka = await startKafka();
  await createTopic(kafka.broker, topic, { partitions: 2 });
  await produceWithJava(kafka.broker, messages);
}, KAFKA_WITHIN_MS);
afterAll(async () => {
  await forwarder?.stop();
  await kafka?.stop();
});
afterEach(() => Promise.all(open.splice(0).map((consumer) => consumer.close())));

function consume(broker: string) {
  const log: Record<string, unknown>[] = [];
  const lines = new Writable({
    write(chunk, _encoding, done) {
      log.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const notices: Notice[] = [];
  const inbox = createFakeInbox();
  const metrics = createMetrics(new Registry());
  const config = testConfig({}).providers['spec-001'];
  const groupId = randomUUID();
  const consumer = startSpec001Kafka({
    config: { ...config, kafka: { ...config.kafka, brokers: [broker], topic, groupId } },
    inbox,
    logger: pino({}, lines),
    metrics,
    notifyOperations: async (notice) => void notices.push(notice),
  });
  open.push(consumer);
  const jobs = () => inbox.calls.map(({ args }) => args[1]);
  const committed = async () => [...(await committedOffsets(kafka.broker, groupId, topic)).values()];
  return { jobs, log, notices, metrics, committed };
}

const jobsOf = (some: readonly JavaMessage[]) => some.map(({ value }) => JSON.parse(value).meta.correlation_id);
const inPartition = (partition: number) => messages.filter((each) => each.partition === partition);

test("what Kafka's own client compresses is consumed, by every codec", async () => {
  const { jobs, notices } = consume(kafka.broker);
  await eventually('all are consumed', () => jobs().length === messages.length);
  expect(new Set(jobs())).toEqual(new Set(jobsOf(messages)));
  expect(notices).toEqual([]);
});

test('batches that cannot be decoded are reported and passed: what is before, between and after them is consumed', async () => {
  forwarder = await startTcpForwarder(kafka.forwardedPort, `127.0.0.1:${kafka.listenerPort}`, (answer) => {
    for (const { begins, at } of CODECS) {
      const found = answer.indexOf(begins, 0, 'hex');
      if (found !== -1) answer.fill(0xff, found + at, found + at + 8);
    }
  });
  const { jobs, notices, log, metrics, committed } = consume(`127.0.0.1:${kafka.forwardedPort}`);
  const readable = messages.filter(({ compression }) => compression === 'none');
  await eventually('the others are consumed', () => jobs().length === readable.length);
  expect(new Set(jobs())).toEqual(new Set(jobsOf(readable)));
  await eventually('all are committed', async () => {
    expect(await committed()).toEqual([inPartition(0).length, inPartition(1).length]);
    return true;
  });

  const reported = CODECS.map(({ codec }, n) => {
    const first = n * (BATCH + 2) + 1;
    return { codec, topic, partition: 0, offset: String(first), last_offset: String(first + BATCH - 1) };
  });
  expect(notices.map(({ type, data }) => ({ type, data }))).toEqual(
    reported.map((data) => ({ type: 'hint.dead_letter', data: expect.objectContaining(data) })),
  );
  expect(log.filter(({ msg }) => String(msg).includes('cannot be decoded'))).toMatchObject(reported);
  const { values } = await metrics.hints.get();
  expect(values.find(({ labels }) => labels.result === 'dead_letter')?.value).toBe(CODECS.length);
});
