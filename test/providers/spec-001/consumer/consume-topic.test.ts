import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { JobHeraldError } from '../../../../src/domain/jobherald-error';
import type { Notice } from '../../../../src/domain/notice';
import { createMetrics } from '../../../../src/gateway/observe/metrics';
import type { Consumer } from '../../../../src/providers/ingress';
import { startSpec001Kafka } from '../../../../src/providers/spec-001/consumer/consume-topic';
import { eventually } from '../../../support/eventually';
import { createFakeInbox, type FakeInbox } from '../../../support/fake-inbox';
import { committedOffsets, createTopic, KAFKA_WITHIN_MS } from '../../../support/services/kafka/admin';
import { produce } from '../../../support/services/kafka/produce';
import { readTopic } from '../../../support/services/kafka/read-topic';
import { sharedService } from '../../../support/services/shared-service';
import { heartbeatMessage, statusMessage } from '../../../support/spec-001-messages';
import { testConfig } from '../../../support/test-config';

const UNAVAILABLE = new JobHeraldError('unavailable', 'Temporal does not answer just now');
const GROUP = 'jobherald';

let broker: string;
let topic: string;
const open: Consumer[] = [];

beforeAll(async () => {
  broker = (await sharedService('kafka')).broker;
}, KAFKA_WITHIN_MS);
beforeEach(async () => {
  topic = `jobs-${randomUUID()}`;
  await createTopic(broker, topic);
});
afterEach(() => Promise.all(open.splice(0).map((consumer) => consumer.close())));

function start(inbox: FakeInbox = createFakeInbox()) {
  const log: Record<string, unknown>[] = [];
  const lines = new Writable({
    write(chunk, _encoding, done) {
      log.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const metrics = createMetrics(new Registry());
  const config = testConfig({}).providers['spec-001'];
  const kafka = { ...config.kafka, brokers: [broker], topic, groupId: `${GROUP}-${topic}` };
  const notices: Notice[] = [];
  const consumer = startSpec001Kafka({
    config: { ...config, kafka },
    inbox,
    logger: pino({ level: 'debug' }, lines),
    metrics,
    notifyOperations: async (notice) => void notices.push(notice),
  });
  open.push(consumer);
  const counted = async (result: string) =>
    (await metrics.hints.get()).values.find(({ labels }) => labels.result === result)?.value ?? 0;
  return { consumer, inbox, log, counted, notices };
}

const send = (...values: readonly unknown[]) =>
  produce(
    broker,
    topic,
    values.map((value) => ({ value })),
  );
const committed = async (partition = 0) =>
  (await committedOffsets(broker, `${GROUP}-${topic}`, topic)).get(partition) ?? -1;
const untilCommitted = (offset: number) =>
  eventually(`offset ${offset} is committed`, async () => (await committed()) === offset);

describe('the Kafka consumer of SPEC-001', () => {
  it('passes messages to runs, for jobs and keys in any letter case, and commits', async () => {
    const job = randomUUID();
    const key = randomUUID();
    const meta = { correlation_id: job.toUpperCase(), idempotency_key: key.toUpperCase() };
    const status = statusMessage({ meta, data: { status: 'COMPLETED', more: [1] } });
    const heartbeat = heartbeatMessage({ meta: { correlation_id: job }, data: { description: 'alive' } });
    await send(status, heartbeat);

    const { consumer, inbox, counted } = start();
    await untilCommitted(2);
    expect(consumer.ready()).toBe(true);
    expect(inbox.calls).toEqual([
      { method: 'report', args: ['spec-001', job, { idempotency_key: key, data: status.data }] },
      {
        method: 'heartbeat',
        args: [
          'spec-001',
          job,
          { idempotency_key: heartbeat.meta.idempotency_key, heartbeat_deadline_seconds: 60, description: 'alive' },
        ],
      },
    ]);
    expect(await counted('accepted')).toBe(2);
  });

  it('puts what can never be used among the dead letters, as it came and with the reason, and goes on', async () => {
    await createTopic(broker, `${topic}.dlq`);
    const job = randomUUID();
    const useless = JSON.stringify(statusMessage({ data: { status: 'CANCELLED' } }));
    await produce(broker, topic, [
      { key: job, value: useless, headers: { trace: '7' } },
      { value: Buffer.from([0xff, 0xfe]) },
      { value: '['.repeat(5_000) + ']'.repeat(5_000) },
      { value: statusMessage({ data: { message: 'x'.repeat(256 * 1024) } }) },
      { value: '[]' },
      { value: null },
      { value: '' },
      { value: statusMessage({ meta: { correlation_id: job } }) },
    ]);
    const { inbox, counted, log } = start();

    await untilCommitted(8);
    expect(inbox.calls.map(({ method }) => method)).toEqual(['report']);
    const letters = await readTopic(broker, `${topic}.dlq`, 5);
    expect(letters.map(({ headers }) => headers['x-jobherald-reason'])).toEqual([
      expect.stringMatching(/^\/data\/status did you mean CANCELED\? .* must be one of /),
      expect.stringMatching('not JSON in UTF-8'),
      expect.stringMatching('nested deeper'),
      expect.stringMatching('more than 256 KiB'),
      'The body must be a JSON object, not array',
    ]);
    expect(letters[0]).toMatchObject({ key: job, value: useless, headers: { trace: '7' } });
    expect(letters[1]?.key).toBeNull();
    expect([await counted('dead_letter'), await counted('ignored'), await counted('accepted')]).toEqual([5, 2, 1]);
    expect(log.filter(({ msg }) => msg === 'message dead letter')).toHaveLength(5);
  });

  it('waits where there is no topic for dead letters, says so, and goes on once it is made', async () => {
    await send('{}', statusMessage());
    const { log } = start();
    await eventually('it says so', () => log.some(({ msg }) => String(msg).includes('make the topic')));
    expect(await committed()).toBe(-1);

    await createTopic(broker, `${topic}.dlq`);
    await untilCommitted(2);
    expect(await readTopic(broker, `${topic}.dlq`, 1)).toHaveLength(1);
  });

  it('waits no more than 10 s over a message that fails for no reason that may pass, reports it, and goes on', async () => {
    await createTopic(broker, `${topic}.dlq`);
    const inbox = createFakeInbox();
    inbox.failWith(new TypeError('cannot read properties of undefined'));
    await send(statusMessage());
    const { counted, notices } = start(inbox);
    await eventually('it is passed', async () => (await counted('dead_letter')) === 1);
    expect(await readTopic(broker, `${topic}.dlq`, 1)).toMatchObject([
      { headers: { 'x-jobherald-reason': 'cannot read properties of undefined' } },
    ]);
    expect(notices).toMatchObject([{ type: 'hint.dead_letter', data: { topic, partition: 0, offset: '0' } }]);
    inbox.failWith(undefined);
    await send(statusMessage());
    await untilCommitted(2);
  });

  it('keeps messages while Temporal is away, commits none of them, and takes them in order afterwards', async () => {
    const inbox = createFakeInbox();
    inbox.failWith(UNAVAILABLE);
    const job = randomUUID();
    const messages = Array.from({ length: 30 }, (_, n) =>
      statusMessage({ meta: { correlation_id: job }, data: { message: String(n) } }),
    );
    await send(...messages);
    const { counted, log } = start(inbox);

    await eventually('it tries', async () => (await counted('unavailable')) > 1);
    expect(await committed()).toBe(-1);
    inbox.failWith(undefined);
    await untilCommitted(30);
    expect(said(inbox)).toEqual(messages.map(({ data }) => (data as { message?: string }).message));
    expect(log.filter(({ msg }) => String(msg).startsWith('messages wait'))).toHaveLength(1);
  });

  it('takes a message once that comes twice, in whichever letter case', async () => {
    const message = statusMessage();
    const again = {
      ...message,
      meta: { ...message.meta, idempotency_key: message.meta.idempotency_key.toUpperCase() },
    };
    await send(message, again, message);
    const { inbox, counted } = start();

    await untilCommitted(3);
    expect(inbox.calls).toHaveLength(1);
    expect(await counted('duplicate')).toBe(2);
  });

  it('takes a message about a job that nobody may track for a dead letter', async () => {
    await createTopic(broker, `${topic}.dlq`);
    const message = statusMessage();
    const inbox = createFakeInbox();
    inbox.unknown.add(message.meta.correlation_id);
    await send(message);
    start(inbox);

    await untilCommitted(1);
    const [letter] = await readTopic(broker, `${topic}.dlq`, 1);
    expect(letter?.headers['x-jobherald-reason']).toMatch('There is no run');
  });

  it('keeps the order of each job, with many jobs under way at once', async () => {
    const inbox = createFakeInbox();
    let atOnce = 0;
    let most = 0;
    const slow: FakeInbox = {
      ...inbox,
      async report(...args) {
        most = Math.max(most, ++atOnce);
        await sleep(Math.random() * 5);
        atOnce--;
        await inbox.report(...args);
      },
    };
    const jobs = Array.from({ length: 40 }, () => randomUUID());
    const messages = Array.from({ length: 2_000 }, (_, n) =>
      statusMessage({ meta: { correlation_id: jobs[n % 40] }, data: { message: String(n) } }),
    );
    await send(...messages);
    start(slow);

    await untilCommitted(2_000);
    for (const job of jobs) {
      const numbers = said(inbox, job).map(Number);
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      expect(numbers).toHaveLength(50);
    }
    expect(most).toBeGreaterThan(10);
    expect(most).toBeLessThanOrEqual(64);
  });

  it('goes on where it was after it was closed', async () => {
    await send(statusMessage(), statusMessage());
    const first = start();
    await eventually('both are taken', () => first.inbox.calls.length === 2);
    await first.consumer.close();
    expect(await committed()).toBe(2);

    await send(statusMessage());
    const second = start();
    await untilCommitted(3);
    expect(second.inbox.calls).toHaveLength(1);
  });

  it('waits for a topic that is not there, and reads it from its beginning', async () => {
    topic = `late-${randomUUID()}`;
    const { log, consumer, inbox } = start();
    await eventually('it says so', () => log.some(({ reason }) => reason === `Unknown topic ${topic}.`));
    expect(consumer.ready()).toBe(false);
    await createTopic(broker, topic);
    await send(statusMessage());
    await eventually('the message is taken', () => inbox.calls.length === 1);
  });
});

function said(inbox: FakeInbox, job?: string): readonly (string | undefined)[] {
  return inbox.calls.flatMap((call) =>
    call.method === 'report' && (job === undefined || call.args[1] === job)
      ? [(call.args[2].data as { message?: string }).message]
      : [],
  );
}
