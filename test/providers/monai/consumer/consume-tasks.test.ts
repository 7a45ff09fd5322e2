import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { keepBodies, withOwnType } from '../../../../src/brokers/rabbitmq/keep-bodies';
import { JobHeraldError } from '../../../../src/domain/jobherald-error';
import { createMetrics } from '../../../../src/gateway/observe/metrics';
import type { Consumer } from '../../../../src/providers/ingress';
import type { MonaiConfig } from '../../../../src/providers/monai/config';
import { startMonaiRabbitmq } from '../../../../src/providers/monai/consumer/consume-tasks';
import { eventually } from '../../../support/eventually';
import { createFakeInbox, type FakeInbox } from '../../../support/fake-inbox';
import { createFakeJobs } from '../../../support/fake-jobs';
import { freePort } from '../../../support/free-port';
import { connectTestClient, type RabbitmqTestClient } from '../../../support/rabbitmq-client';
import { INSTALLED_WITHIN_MS } from '../../../support/services/install';
import { type SharedServices, sharedService } from '../../../support/services/shared-service';
import { startTcpForwarder } from '../../../support/tcp-forwarder';
import { testConfig } from '../../../support/test-config';

const UNAVAILABLE = new JobHeraldError('unavailable', 'Temporal does not answer just now; try again');
const fixture = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(__dirname, '../../../fixtures/monai', `${name}.json`), 'utf8'));
/** A message about a task of this test's own. */
const about = (name: string, task: string, more: object = {}) => ({ ...fixture(name), execution_id: task, ...more });

let rabbitmq: SharedServices['rabbitmq'];
let client: RabbitmqTestClient;
const consumers: Consumer[] = [];

beforeAll(async () => {
  rabbitmq = await sharedService('rabbitmq');
  client = connectTestClient(rabbitmq.url);
}, INSTALLED_WITHIN_MS);
afterEach(() => Promise.all(consumers.splice(0).map((consumer) => consumer.close())));
afterAll(async () => {
  await client?.close();
});

interface Given extends Partial<MonaiConfig> {
  readonly inbox?: FakeInbox;
  readonly heldForMs?: number;
}

/** A consumer with an exchange and queues of its own. */
async function consume({ inbox = createFakeInbox(), heldForMs, ...given }: Given = {}) {
  const log: Record<string, unknown>[] = [];
  const lines = new Writable({
    write(chunk, _encoding, done) {
      log.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const name = `x-${randomUUID()}`;
  const config: MonaiConfig = {
    ...testConfig({}).providers.monai,
    enabled: true,
    rabbitmq: rabbitmq.url,
    exchange: name,
    queuePrefix: `${name}.`,
    ...given,
  };
  const metrics = createMetrics(new Registry());
  const jobs = createFakeJobs();
  const consumer = startMonaiRabbitmq({
    config,
    jobs,
    inbox,
    logger: pino({ level: 'debug' }, lines),
    metrics,
    closeMs: 3_000,
    heldForMs,
  });
  consumers.push(consumer);
  await eventually('consuming', () => consumer.ready());
  const queue = (key: string) => `${config.queuePrefix}md.tasks.${key}`;
  return {
    config,
    consumer,
    inbox,
    jobs,
    log,
    queue,
    publish: (key: string, body: unknown, properties?: object) =>
      client.publish(config.exchange, `md.tasks.${key}`, body, properties),
    deadLetter: (key: string) => client.take(`${queue(key)}-dead-letter`),
    /** As it is at the broker. */
    rawDeadLetter: async (key: string) => {
      const channel = await client.amqp.acquire();
      keepBodies(channel);
      const taken = await eventually('a dead letter', async () => {
        const message = await channel.basicGet({ queue: `${queue(key)}-dead-letter`, noAck: true });
        return message ? withOwnType(message) : false;
      });
      await channel.close();
      return taken;
    },
    deadLetters: (key: string) => client.count(`${queue(key)}-dead-letter`),
    /** Nothing is ready, and what was in hand is acknowledged: a queue that is empty once nobody consumes it. */
    isEmptyOnceClosed: async (key: string) => {
      // First taken: a consumer that closes sends back what it has not been given yet, and rightly.
      await eventually('all taken', async () => (await client.count(queue(key))) === 0);
      await consumer.close();
      return (await client.count(queue(key))) === 0;
    },
    counted: async (result: string) => {
      const { values } = await metrics.hints.get();
      return values.find(({ labels }) => labels.result === result && labels.transport === 'rabbitmq')?.value ?? 0;
    },
    gauge: async () => (await metrics.pullConnected.get()).values[0]?.value,
  };
}

const callsOf = (inbox: FakeInbox, method: string) => inbox.calls.filter((call) => call.method === method);
const called = (inbox: FakeInbox, method: string, times = 1) =>
  eventually(`${times} × ${method}`, () => callsOf(inbox, method).length >= times);

test("the topology is MONAI's own: topic exchanges, quorum queues that count deliveries, dead letters by the same key", async () => {
  const { config, queue, consumer } = await consume();
  await consumer.close();
  const { exchange } = config;
  // Each declaration is refused by the broker where anything is otherwise.
  for (const name of [exchange, `${exchange}-dead-letter`]) {
    await client.amqp.exchangeDeclare({ exchange: name, type: 'topic', durable: true });
  }
  for (const key of ['dispatch', 'callback', 'cancellation']) {
    await client.amqp.queueDeclare({
      queue: queue(key),
      durable: true,
      arguments: {
        'x-queue-type': 'quorum',
        'x-delivery-limit': 3,
        'x-dead-letter-exchange': `${exchange}-dead-letter`,
      },
    });
    await client.amqp.queueDeclare({ queue: `${queue(key)}-dead-letter`, durable: true });
    await client.publish(`${exchange}-dead-letter`, `md.tasks.${key}`, {});
    expect(await client.count(`${queue(key)}-dead-letter`)).toBe(1);
  }
});

test('queues and exchanges that are there already, made otherwise, are used as they are', async () => {
  const name = `y-${randomUUID()}`;
  await client.amqp.exchangeDeclare({ exchange: name, type: 'topic', durable: false });
  await client.amqp.queueDeclare({
    queue: `${name}.md.tasks.callback`,
    durable: true,
    arguments: { 'x-max-length': 9 },
  });
  const { inbox, log, publish } = await consume({ exchange: name, queuePrefix: `${name}.` });
  await publish('callback', about('callback', 'task-1'));
  await called(inbox, 'callback');
  expect(log.filter(({ msg }) => /is there already, made otherwise/.test(String(msg)))).toHaveLength(2);
});

test('a dispatch is tracked as accepted, with the words of the dispatch and none of its credentials', async () => {
  const { inbox, publish, isEmptyOnceClosed, log } = await consume();
  await publish('dispatch', about('dispatch', 'task-1'), { messageId: 'm-1' });
  await called(inbox, 'track');
  expect(callsOf(inbox, 'track')[0]?.args[0]).toMatchObject({
    provider: 'monai',
    job: 'task-1',
    correlation_id: 'c3c2bb0d-3bb7-4b0f-8a0b-64a4d1f0e003',
    origin: { task_id: 'lung-seg', type: 'argo' },
    initial: { state: 'RUNNING', provider_state: 'Accepted' },
  });
  expect(JSON.stringify([inbox.calls, log])).not.toMatch(/KEY|SECRET|SESSION|TOKEN/);
  expect(await isEmptyOnceClosed('dispatch')).toBe(true);
});

test('a dispatch of an unknown plug-in type is tracked as failed, and is a dead letter', async () => {
  const { inbox, publish, deadLetter } = await consume();
  await publish('dispatch', about('dispatch', 'task-1', { type: 'docker' }), { messageId: 'm-1' });
  expect(await deadLetter('dispatch')).toMatchObject({ messageId: 'm-1', body: { type: 'docker' } });
  expect(callsOf(inbox, 'track')[0]?.args[0]).toMatchObject({
    initial: { state: 'FAILED', reason: 'RUNNER_NOT_SUPPORTED' },
  });
});

test('a callback is passed on with identity and metadata, and acknowledged when it is recorded', async () => {
  const { inbox, publish, counted, isEmptyOnceClosed } = await consume();
  await publish('callback', about('callback', 'task-1'));
  await publish('callback', about('callback-older', 'task-2'));
  const large = JSON.stringify(about('callback', 'task-3', { metadata: { n: 0 } }));
  await publish('callback', large.replace('"n":0', '"n":9007199254740993'));
  await called(inbox, 'callback', 3);
  const calls = callsOf(inbox, 'callback').map(({ args }) => args);
  expect(calls).toEqual(
    expect.arrayContaining([
      ['monai', 'task-1', expect.objectContaining({ identity: 'md-lung-seg-7xk2p' })],
      ['monai', 'task-2', expect.objectContaining({ metadata: {} })],
      ['monai', 'task-3', expect.objectContaining({ metadata: { n: '9007199254740993' } })],
    ]),
  );
  await eventually('counted', async () => (await counted('accepted')) === 3);
  expect(await isEmptyOnceClosed('callback')).toBe(true);
});

test("a callback as Argo's exit hook sends it, or without any property, is as good as another", async () => {
  const { inbox, publish } = await consume();
  await publish('callback', about('callback', 'task-1'), { type: 'md.tasks.callback', appId: 'Task Manager Callback' });
  await publish('callback', about('callback', 'task-2'), { contentType: undefined, timestamp: undefined });
  await publish('callback', about('callback', 'task-3'), { contentType: 'text/plain' });
  await called(inbox, 'callback', 3);
});

test.each([
  ['is not JSON', '{'],
  ['is a list', []],
  ['names no task', { ...fixture('callback'), execution_id: '' }],
  ['has an identity that is none', { ...fixture('callback'), identity: 'NOT-ONE' }],
  ['is nested without end', `{"metadata":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  [
    'is nested deeper than anybody needs',
    { ...fixture('callback'), metadata: { a: JSON.parse(`${'['.repeat(80)}${']'.repeat(80)}`) } },
  ],
  ['is longer than a run can keep', { ...fixture('callback'), metadata: { a: 'x'.repeat(300_000) } }],
  ['has metadata that is no object', { ...fixture('callback'), metadata: 'x' }],
])('a callback that %s is a dead letter at once, with its bytes', async (_, body) => {
  const { inbox, publish, deadLetter, log } = await consume();
  await publish('callback', body, { messageId: 'm-1' });
  expect(await deadLetter('callback')).toMatchObject({
    messageId: 'm-1',
    headers: { 'x-first-death-reason': 'rejected' },
  });
  expect(inbox.calls).toEqual([]);
  expect(log.filter(({ msg }) => msg === 'MONAI dead letter')).toHaveLength(1);
});

test('a callback that the run refuses is a dead letter, once; one without effect is acknowledged', async () => {
  const { inbox, publish, deadLetter, isEmptyOnceClosed, counted } = await consume();
  inbox.answerCallbacks({ effect: 'rejected', reason: 'Argo does not know it' });
  await publish('callback', about('callback', 'task-1'), { messageId: 'm-1' });
  expect(await deadLetter('callback')).toMatchObject({ messageId: 'm-1' });
  inbox.answerCallbacks({ effect: 'no_effect' });
  await publish('callback', about('callback', 'task-2'));
  await eventually('acknowledged', async () => (await counted('accepted')) === 1);
  expect(callsOf(inbox, 'callback')).toHaveLength(2);
  expect(await isEmptyOnceClosed('callback')).toBe(true);
});

test('a callback or a cancellation of a task that nobody knows is a dead letter', async () => {
  const { inbox, publish, deadLetter } = await consume();
  inbox.unknown.add('task-1');
  await publish('callback', about('callback', 'task-1'), { messageId: 'm-1' });
  await publish('cancellation', about('cancellation', 'task-1'), { messageId: 'm-2' });
  expect(await deadLetter('callback')).toMatchObject({ messageId: 'm-1' });
  expect(await deadLetter('cancellation')).toMatchObject({ messageId: 'm-2' });
});

test('a callback that is read before the dispatch of its task waits for it', async () => {
  const inbox = createFakeInbox();
  inbox.unknown.add('task-1');
  let refused = 0;
  const counting: FakeInbox = {
    ...inbox,
    callback: (...args) =>
      inbox.callback(...args).catch((error: unknown) => {
        refused += 1;
        inbox.unknown.delete('task-1'); // its dispatch is through in the meantime, however long this machine takes
        throw error;
      }),
  };
  const { publish, deadLetters, counted } = await consume({ inbox: counting });
  await publish('callback', about('callback', 'task-1'));
  await eventually('accepted', async () => (await counted('accepted')) === 1);
  expect(refused).toBe(1);
  expect(await deadLetters('callback')).toBe(0);
});

test('a cancellation cancels the job', async () => {
  const { jobs, publish } = await consume();
  await jobs.submit({ provider: 'monai', job: 'task-1', endpoints: [] });
  await publish('cancellation', about('cancellation', 'task-1'));
  await eventually('canceled', () => jobs.calls.some(({ method }) => method === 'cancel'));
});

test('while Temporal is away a message is held, tried again in place, and taken when it is back', async () => {
  const { inbox, publish, queue, counted, deadLetters, isEmptyOnceClosed } = await consume();
  inbox.failWith(UNAVAILABLE);
  await publish('callback', about('callback', 'task-1'));
  await eventually('held', async () => (await counted('unavailable')) === 1);
  expect(await client.count(queue('callback'))).toBe(0); // in hand, not back in the queue
  inbox.failWith(undefined);
  await called(inbox, 'callback');
  await eventually('acknowledged', async () => (await counted('accepted')) === 1);
  expect(await deadLetters('callback')).toBe(0);
  expect(await isEmptyOnceClosed('callback')).toBe(true);
});

test('a message that is held for too long goes back to its queue, as often as need be, and is never a dead letter for it', async () => {
  const { inbox, publish, counted, deadLetters, log, rawDeadLetter } = await consume({ heldForMs: 100 });
  inbox.failWith(UNAVAILABLE);
  // No byte of it may change, nor its content type.
  const body = JSON.stringify(about('callback', 'task-1')).replace('{', '{ "ours": [9007199254740993, 1.0], ');
  await publish('callback', body, { messageId: 'm-1', correlationId: 'c-1' });
  const backs = () => log.filter(({ msg }) => msg === 'a MONAI message goes back to its queue').length;
  // More often than the queue's delivery limit.
  await eventually('put back', () => backs() >= 6);
  expect(await deadLetters('callback')).toBe(0);
  inbox.failWith(undefined);
  inbox.answerCallbacks({ effect: 'rejected', reason: 'now it is' });
  const dead = await rawDeadLetter('callback');
  expect(dead).toMatchObject({ messageId: 'm-1', correlationId: 'c-1', contentType: 'application/json' });
  expect(String(dead.body)).toBe(body);
  expect(await counted('dead_letter')).toBe(1);
});

test('on close what is held goes back to the queue, and another consumer takes it', async () => {
  const first = await consume();
  first.inbox.failWith(UNAVAILABLE);
  await first.publish('callback', about('callback', 'task-1'));
  await eventually('held', async () => (await first.counted('unavailable')) === 1);
  await first.consumer.close();
  await eventually('back in its queue', async () => (await client.count(first.queue('callback'))) === 1);
  const { exchange, queuePrefix } = first.config;
  const second = await consume({ exchange, queuePrefix });
  await called(second.inbox, 'callback');
});

test('a lost connection loses nothing: what was not acknowledged comes again', async () => {
  const port = await freePort();
  let line = await startTcpForwarder(port, `127.0.0.1:${rabbitmq.port}`);
  const inbox = createFakeInbox();
  const { publish, consumer, gauge, counted, log } = await consume({ inbox, rabbitmq: `amqp://127.0.0.1:${port}` });
  expect(await gauge()).toBe(1);
  inbox.failWith(UNAVAILABLE);
  await publish('callback', about('callback', 'task-1'));
  await eventually('held', async () => (await counted('unavailable')) === 1);

  await line.stop();
  await eventually('not ready', () => !consumer.ready());
  expect(await gauge()).toBe(0);
  inbox.failWith(undefined);
  line = await startTcpForwarder(port, `127.0.0.1:${rabbitmq.port}`);
  await called(inbox, 'callback');
  await eventually('ready', () => consumer.ready());
  expect(log.some(({ msg }) => msg === 'RabbitMQ is not being consumed; connecting again')).toBe(true);
  await consumer.close();
  await line.stop();
});

test('beside another consumer each gets every message of its own queues', async () => {
  const name = `z-${randomUUID()}`;
  const theirs = `${name}-theirs`;
  await client.queue(theirs, name, 'md.tasks.callback');
  const { inbox, publish } = await consume({ exchange: name, queuePrefix: `${name}.` });
  for (let i = 0; i < 20; i++) await publish('callback', about('callback', `task-${i}`));
  await called(inbox, 'callback', 20);
  expect(await client.count(theirs)).toBe(20);
});

test('where dispatches are not tracked their queue is not even made', async () => {
  const { inbox, publish, queue } = await consume({ track: { auto: false, endpoints: [] } });
  await publish('callback', about('callback', 'task-1'));
  await called(inbox, 'callback');
  await expect(client.count(queue('dispatch'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
