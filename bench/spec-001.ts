import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { ProviderInbox } from '../src/engine';
import { createMetrics } from '../src/gateway/observe/metrics';
import { startSpec001Kafka } from '../src/providers/spec-001/consumer/consume-topic';
import { readRecord } from '../src/providers/spec-001/consumer/read-record';
import { createRecentMessages } from '../src/providers/spec-001/consumer/recent-messages';
import { eventually } from '../test/support/eventually';
import { createTopic } from '../test/support/services/kafka/admin';
import { startKafka } from '../test/support/services/kafka/kafka';
import { produce } from '../test/support/services/kafka/produce';
import { heartbeatMessage, RESULTS, statusMessage } from '../test/support/spec-001-messages';
import { testConfig } from '../test/support/test-config';
import { spread } from './statistics';

const ROUNDS = 7;
const JOBS = 200;
/** Of each job: a heartbeat, progress, an end with results, and each once more under the same key. */
const MESSAGES_OF_A_JOB = 6;
const THROUGH_KAFKA = 20_000;
const PARTITIONS = 4;

/**
 * How many SPEC-001 messages a second go through schema check and deduplication on one core, from bytes; and how many
 * from a real Kafka, through the consumer, into an inbox that takes all at once, where Temporal is not the bound.
 */
export async function benchSpec001() {
  const messages = Array.from({ length: JOBS }, storyOf).flat();
  checkAndDeduplicate(messages);
  const rates = Array.from({ length: ROUNDS }, () => checkAndDeduplicate(messages));
  return {
    checked_and_deduplicated_per_second: spread(rates),
    from_kafka: await consume(),
  };
}

function storyOf(): readonly Buffer[] {
  const meta = () => ({ correlation_id: job, idempotency_key: randomUUID() });
  const job = randomUUID();
  const progress = { percentage_completed: 40, rows_completed: 4_000, rows_total: 10_000 };
  const events = [
    heartbeatMessage({ meta: meta() }),
    statusMessage({ meta: meta(), data: { progress, message: 'on it' } }),
    statusMessage({ meta: meta(), data: { status: 'COMPLETED', results: RESULTS, job_metadata: { run: 9 } } }),
  ];
  return [...events, ...events].map((message) => Buffer.from(JSON.stringify(message)));
}

function checkAndDeduplicate(messages: readonly Buffer[]): number {
  const recent = createRecentMessages();
  const began = performance.now();
  let duplicates = 0;
  for (const bytes of messages) {
    const read = readRecord(bytes);
    if (read.kind !== 'status' && read.kind !== 'heartbeat') throw new Error(`a message is ${read.kind}`);
    if (recent.has(read)) duplicates++;
    else recent.add(read);
  }
  const rate = messages.length / ((performance.now() - began) / 1000);
  if (duplicates !== messages.length / 2)
    throw new Error(`${duplicates} of ${messages.length} were reported as duplicates`);
  return rate;
}

async function consume() {
  const kafka = await startKafka();
  try {
    const topic = 'jobs';
    await createTopic(kafka.broker, topic, { partitions: PARTITIONS });
    const messages = Array.from({ length: Math.ceil(THROUGH_KAFKA / MESSAGES_OF_A_JOB) }, storyOf).flat();
    for (let i = 0; i < messages.length; i += 1_000) {
      const some = messages.slice(i, i + 1_000);
      await produce(
        kafka.broker,
        topic,
        some.map((value, n) => ({ value, partition: n % PARTITIONS })),
      );
    }
    return await rateOf(kafka.broker, topic, messages.length / 2);
  } finally {
    await kafka.stop();
  }
}

async function rateOf(broker: string, topic: string, unlike: number) {
  let taken = 0;
  let first = 0;
  const take = async () => {
    if (taken++ === 0) first = performance.now();
  };
  const refuse = async () => {
    throw new Error('nothing of SPEC-001 comes here');
  };
  const inbox: ProviderInbox = {
    report: take,
    heartbeat: take,
    track: refuse,
    passOn: refuse,
    passOnWithoutJob: refuse,
    callback: refuse,
  };
  const { kafka, ...config } = testConfig({}).providers['spec-001'];
  const consumer = startSpec001Kafka({
    metrics: createMetrics(new Registry()),
    config: { ...config, kafka: { ...kafka, brokers: [broker], topic } },
    inbox,
    logger: pino({ level: 'silent' }),
  });
  await eventually('all are taken', () => taken === unlike, { withinMs: 120_000 });
  const seconds = (performance.now() - first) / 1000;
  await consumer.close();
  const rss_mb = Math.round(process.memoryUsage().rss / 1024 / 1024);
  return { messages: unlike * 2, per_second: Math.round((unlike * 2) / seconds), rss_mb };
}
