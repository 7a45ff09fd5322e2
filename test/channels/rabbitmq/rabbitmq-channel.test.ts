import { createHash, randomUUID } from 'node:crypto';
import { createRabbitmqChannel } from '../../../src/channels/rabbitmq/rabbitmq-channel';
import type { RabbitmqEndpoint } from '../../../src/config/config';
import { ENDPOINT_DEFAULTS } from '../../../src/config/defaults';
import type { Message } from '../../../src/domain/message';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/free-port';
import { connectTestClient, type RabbitmqTestClient } from '../../support/rabbitmq-client';
import { INSTALLED_WITHIN_MS } from '../../support/services/install';
import { type RabbitmqService, startRabbitmq } from '../../support/services/rabbitmq';
import { startTcpForwarder } from '../../support/tcp-forwarder';

const { retry, limits } = ENDPOINT_DEFAULTS;
const NEVER = new AbortController().signal;
const MESSAGE: Message = {
  id: '0b6c7a9e-5b0a-5c3a-9f3e-1d2c3b4a5968',
  content_type: 'application/json',
  headers: { 'x-of-the-format': 'yes' },
  body: '{"grüße":"äöü"}',
  broker: { key: 'k', type: 'TaskUpdateEvent', correlation_id: 'c-1', timestamp: '2026-01-02T03:04:05.678Z' },
};

let rabbitmq: RabbitmqService;
let client: RabbitmqTestClient;
const channel = createRabbitmqChannel();

beforeAll(async () => {
  rabbitmq = await startRabbitmq();
  client = connectTestClient(rabbitmq.url);
}, INSTALLED_WITHIN_MS);
afterAll(async () => {
  await channel.close();
  await client?.close();
  await rabbitmq?.stop();
});

function endpoint(given: Partial<RabbitmqEndpoint> = {}): RabbitmqEndpoint {
  const name = `e-${randomUUID()}`;
  const base = { name, events: [], format: 'monai', limits, retry, timeoutMs: 10_000 } as const;
  return { ...base, type: 'rabbitmq', url: rabbitmq.url, exchange: name, routingKey: 'md.tasks.update', ...given };
}

async function boundEndpoint(given: Partial<RabbitmqEndpoint> = {}): Promise<RabbitmqEndpoint> {
  const made = endpoint(given);
  await client.queue(made.name, made.exchange, made.routingKey);
  return made;
}

test('a message is delivered with its bytes, and with its properties as MONAI and AMQP have them', async () => {
  const to = await boundEndpoint();
  const { outcome, attempt } = await channel.send(to, MESSAGE, NEVER);
  expect(outcome).toEqual({ kind: 'delivered' });
  expect(attempt).toEqual({ time: expect.any(String), duration_ms: expect.any(Number) });

  const got = await client.take(to.name);
  expect(got).toMatchObject({
    messageId: MESSAGE.id,
    correlationId: 'c-1',
    type: 'TaskUpdateEvent',
    appId: 'jobherald',
    contentType: 'application/json',
    durable: true,
    timestamp: 1767323045,
    headers: { 'x-of-the-format': 'yes' },
    body: { grüße: 'äöü' },
  });
});

test.each(['0001-01-01T00:00:00Z', 'soon'])(
  'a message that is dated %s is sent all the same, with the time of the attempt',
  async (timestamp) => {
    const to = await boundEndpoint();
    const dated = { ...MESSAGE, broker: { key: 'k', type: 'TaskUpdateEvent', correlation_id: 'c-1', timestamp } };
    expect((await channel.send(to, dated, NEVER)).outcome.kind).toBe('delivered');
    expect((await client.take(to.name)).timestamp).toBeGreaterThan(1_700_000_000);
  },
);
test('what AMQP cannot carry makes no message unsendable: long names are hashed, numbers that do not fit are left out', async () => {
  const to = await boundEndpoint();
  const long = 'ü'.repeat(200);
  const broker = {
    ...MESSAGE.broker,
    key: 'k',
    type: long,
    correlation_id: `x${long}`,
    timestamp: '0001-01-01T00:00:00Z',
  };
  const sent = await Promise.all([
    channel.send(to, { ...MESSAGE, id: 'bad', broker }, NEVER),
    channel.send(to, { ...MESSAGE, id: 'unreadable time', broker: { ...broker, timestamp: 'soon' } }, NEVER),
    ...Array.from({ length: 20 }, (_, n) => channel.send(to, { ...MESSAGE, id: String(n) }, NEVER)),
  ]);
  expect(new Set(sent.map(({ outcome, attempt }) => `${outcome.kind} ${attempt.error ?? ''}`))).toEqual(
    new Set(['delivered ']),
  );

  for (const messageId of ['bad', 'unreadable time']) {
    const got = await client.take(to.name);
    const hash = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
    expect(got).toMatchObject({ messageId, correlationId: hash(`x${long}`), type: hash(long) });
    expect(got.timestamp).toBeGreaterThan(1_700_000_000);
  }
  expect(await client.count(to.name)).toBe(20);
});

test('a place that AMQP cannot name is a lasting fault of that message alone', async () => {
  const to = await boundEndpoint();
  const nowhere = { ...to, routingKey: 'ü'.repeat(200) };
  const [lost, ...others] = await Promise.all([
    channel.send(nowhere, MESSAGE, NEVER),
    ...Array.from({ length: 20 }, () => channel.send(to, MESSAGE, NEVER)),
  ]);
  expect(lost?.outcome).toEqual({ kind: 'retry', slow: true });
  expect(lost?.attempt.error).toContain('400 bytes');
  expect(others.map(({ outcome }) => outcome.kind)).toEqual(others.map(() => 'delivered'));
});

test('a message of an older run, which has no broker properties, is delivered too', async () => {
  const to = await boundEndpoint();
  const { broker: _, ...older } = MESSAGE;
  expect((await channel.send(to, older, NEVER)).outcome.kind).toBe('delivered');
  expect(await client.take(to.name)).toMatchObject({ messageId: MESSAGE.id });
});

test('a message that no queue is bound for is not delivered, and the attempt says what to do', async () => {
  const to = endpoint();
  await client.amqp.exchangeDeclare({ exchange: to.exchange, type: 'topic', durable: true });
  const { outcome, attempt } = await channel.send(to, MESSAGE, NEVER);
  expect(outcome).toEqual({ kind: 'retry', slow: true });
  expect(attempt.error).toMatch(/^no queue is bound to exchange e-.* for md.tasks.update, so nobody would get/);

  await client.queue(to.name, to.exchange, to.routingKey);
  expect((await channel.send(to, MESSAGE, NEVER)).outcome.kind).toBe('delivered');
});

test('a missing exchange is retried slowly, and breaks no other endpoint of the same broker', async () => {
  const [missing, fine] = [endpoint(), await boundEndpoint()];
  const sent = Array.from({ length: 20 }, (_, i) => channel.send(i % 2 ? missing : fine, MESSAGE, NEVER));
  const outcomes = (await Promise.all(sent)).map(({ outcome }) => outcome);
  expect(outcomes.filter(({ kind }) => kind === 'delivered')).toHaveLength(10);
  expect(outcomes).toContainEqual({ kind: 'retry', slow: true });
  const { outcome, attempt } = await channel.send(missing, MESSAGE, NEVER);
  expect(outcome).toEqual({ kind: 'retry', slow: true });
  expect(attempt.error).toContain('no exchange');
});

test('no broker is a fault that may pass, found within seconds', async () => {
  const to = endpoint({ url: `amqp://127.0.0.1:${await freePort()}`, timeoutMs: 120_000 });
  const { outcome, attempt } = await channel.send(to, MESSAGE, NEVER);
  expect(outcome).toEqual({ kind: 'retry', slow: false });
  expect(attempt.error).toMatch(/^no connection: connect ECONNREFUSED/);
  expect(attempt.duration_ms).toBeLessThan(60_000);
});

test('a wrong password is reported as such', async () => {
  const to = endpoint({ url: rabbitmq.url.replace('//', '//guest:wrong@') });
  const { outcome, attempt } = await channel.send(to, MESSAGE, NEVER);
  expect(outcome.kind).toBe('retry');
  expect(attempt.error).toMatch(/ACCESS_REFUSED|refused/i);
});

test('an attempt is over at its timeout, and when it is given up', async () => {
  const silent = await startSilentServer();
  try {
    const to = endpoint({ url: silent.url, timeoutMs: 200 });
    const late = await channel.send(to, MESSAGE, NEVER);
    expect(late).toMatchObject({ outcome: { kind: 'retry', slow: false }, attempt: { error: 'timeout after 200ms' } });

    const stop = new AbortController();
    const givenUp = channel.send({ ...to, timeoutMs: 30_000 }, MESSAGE, stop.signal);
    stop.abort(new Error('the worker stops'));
    expect(await givenUp).toMatchObject({ outcome: { kind: 'retry' }, attempt: { error: 'the worker stops' } });
  } finally {
    await silent.stop();
  }
});

test('after a lost connection and after the broker was killed, the next attempts are delivered', async () => {
  const port = await freePort();
  let line = await startTcpForwarder(port, `127.0.0.1:${rabbitmq.port}`);
  const to = await boundEndpoint({ url: `amqp://127.0.0.1:${port}` });
  const delivered = async () => (await channel.send(to, MESSAGE, NEVER)).outcome.kind === 'delivered';
  expect(await delivered()).toBe(true);

  await line.stop();
  expect(await delivered()).toBe(false);
  line = await startTcpForwarder(port, `127.0.0.1:${rabbitmq.port}`);
  await eventually('delivered again', delivered);

  await rabbitmq.kill();
  expect(await delivered()).toBe(false);
  await rabbitmq.restart();
  await eventually('delivered after the restart', delivered);
  await line.stop();
  // Every confirmed message survived the kill: persistent, in a durable queue. One whose confirmation was late is there twice.
  await eventually('counted', async () => (await client.count(to.name)) >= 3);
});

/** Accepts connections and never says a word. */
async function startSilentServer(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const { createServer } = await import('node:net');
  const open = new Set<import('node:net').Socket>();
  const server = createServer((socket) => open.add(socket.on('error', () => undefined)));
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `amqp://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
