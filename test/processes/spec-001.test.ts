import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { spec001Faults } from '../../src/providers/spec-001/faults';
import { writeConfig } from '../support/bin-config';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { endBins, startBin } from '../support/jobherald';
import { answersWith } from '../support/probe';
import { realTemporalConfig } from '../support/real-temporal';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { committedOffsets, createTopic, KAFKA_WITHIN_MS } from '../support/services/kafka/admin';
import { produce } from '../support/services/kafka/produce';
import { readTopic } from '../support/services/kafka/read-topic';
import { type SharedServices, sharedService } from '../support/services/shared-service';
import { RESULTS, statusMessage } from '../support/spec-001-messages';
import { startTcpForwarder, type TcpForwarder } from '../support/tcp-forwarder';
import { temporaryDirectory } from '../support/temporary-directory';

const GROUP = `jobherald-${randomUUID()}`;

let kafka: SharedServices['kafka'];
let forwarder: TcpForwarder;
let receiver: TestReceiver;
let folder: Awaited<ReturnType<typeof temporaryDirectory>>;

beforeAll(async () => {
  kafka = await sharedService('kafka');
  forwarder = await startTcpForwarder(kafka.forwardedPort, `127.0.0.1:${kafka.listenerPort}`);
}, KAFKA_WITHIN_MS);
beforeEach(async () => {
  receiver = await startReceiver();
  folder = await temporaryDirectory();
});
afterEach(async () => {
  endBins();
  await receiver.close();
  await folder.remove();
});
afterAll(async () => {
  await forwarder?.stop();
});

async function configure(topic: string, statusTopic: string): Promise<string> {
  const { address } = realTemporalConfig();
  const port = await freePort();
  writeConfig(folder.path, {
    temporal: { address },
    worker: { port: await freePort() },
    gateway: { port },
    endpoints: [
      {
        name: 'orders',
        url: receiver.url,
        secret: 'orders',
        events: ['job.running', 'job.progress', 'job.succeeded', 'job.failed'],
        retry: { first: '200ms', factor: 1, max: '1s' },
      },
      { name: 'status', type: 'kafka', brokers: [kafka.broker], topic: statusTopic, format: 'spec-001' },
    ],
    providers: {
      'spec-001': {
        kafka: { brokers: [`127.0.0.1:${kafka.forwardedPort}`], topic, group_id: GROUP },
        track: { auto: true, endpoints: ['orders', 'status'] },
      },
    },
  });
  return `http://127.0.0.1:${port}`;
}

/** What four messages tell of each job, and each message twice: once more in capitals. */
function storyOf(job: string) {
  const told = [
    { status: 'RUNNING' },
    { status: 'RUNNING', progress: { percentage_completed: 40 } },
    { status: 'RUNNING', progress: { percentage_completed: 80 } },
    { status: 'COMPLETED', progress: { percentage_completed: 80 }, results: RESULTS },
  ];
  return told.flatMap((data) => {
    const message = statusMessage({ data, meta: { correlation_id: job } });
    const { idempotency_key } = message.meta;
    const again = { ...message, meta: { ...message.meta, idempotency_key: idempotency_key.toUpperCase() } };
    return [message, again].map((value) => ({ key: job, value }));
  });
}

describe('jobs that report by SPEC-001 over Kafka', () => {
  it('are notified completely and under one id, though gateways are killed and acknowledgements lost', async () => {
    const topic = `jobs-${randomUUID()}`;
    const statusTopic = `status-${randomUUID()}`;
    await createTopic(kafka.broker, topic, { partitions: 3 });
    await createTopic(kafka.broker, `${topic}.dlq`);
    await createTopic(kafka.broker, statusTopic);
    const origin = await configure(topic, statusTopic);
    const jobs = Array.from({ length: 60 }, () => randomUUID() as string);
    const stories = jobs.map(storyOf);
    // Message by message through all jobs, as they come when many run at once.
    const messages = Array.from({ length: 8 }, (_, n) => stories.map((story) => story[n])).flat() as ReturnType<
      typeof storyOf
    >;
    const committed = async () => {
      const offsets = await committedOffsets(kafka.broker, GROUP, topic);
      return [...offsets.values()].reduce((sum, offset) => sum + Math.max(0, offset), 0);
    };

    startBin(['worker'], { cwd: folder.path });
    const killed = startBin(['gateway'], { cwd: folder.path });
    await answersWith(200, `${origin}/readyz`);
    await produce(kafka.broker, topic, messages);
    const isInMidStream = async () => (await committed()) > 20;
    await eventually('the gateway is in mid-stream', isInMidStream, {
      show: () => `the gateway logged:\n${killed.stderr().slice(-4_000)}`,
    });
    killed.kill('SIGKILL');
    await killed.finished;

    const second = startBin(['gateway'], { cwd: folder.path });
    // A count of them and not as long as it takes, or a slow machine would never get through.
    let losses = 0;
    const cutting = setInterval(() => {
      forwarder.loseNextAnswer();
      if (++losses === 20) clearInterval(cutting);
    }, 700);
    await eventually('all is committed', async () => (await committed()) === messages.length, { withinMs: 240_000 });
    clearInterval(cutting);

    const idsOf = (job: string, type: string) =>
      new Set(
        receiver.received
          .filter(({ json }) => json.type === type && json.data?.['job'] === job)
          .map(({ headers }) => headers['webhook-id']),
      );
    const all = () => jobs.every((job) => idsOf(job, 'job.succeeded').size === 1);
    await eventually('every end is notified', all);
    for (const job of jobs) {
      expect([...idsOf(job, 'job.succeeded')]).toHaveLength(1);
      expect(idsOf(job, 'job.running').size).toBeLessThanOrEqual(1);
      expect(idsOf(job, 'job.progress').size).toBeLessThanOrEqual(2);
      const { artifacts } = receiver.received.findLast(({ json }) => json.data?.['job'] === job)?.json.data ?? {};
      expect(artifacts).toHaveLength(4);
    }

    const ends = new Map<string, Set<string>>();
    // One may be there twice, where an attempt was made again.
    await eventually('every end is written', async () => {
      for (const { key, value } of await readTopic(kafka.broker, statusTopic, jobs.length)) {
        const message = JSON.parse(value);
        expect(spec001Faults(message)).toEqual([]);
        expect(message.meta.correlation_id).toBe(key);
        if (message.data.status === 'COMPLETED') {
          expect(message.data.results).toEqual(RESULTS);
          ends.set(String(key), (ends.get(String(key)) ?? new Set()).add(message.meta.idempotency_key));
        }
      }
      return ends.size === jobs.length;
    });
    expect([...ends.values()].every((ids) => ids.size === 1)).toBe(true);

    await sleep(500);
    second.kill('SIGTERM');
    expect((await second.finished).code).toBe(0);
  }, 900_000);
});
