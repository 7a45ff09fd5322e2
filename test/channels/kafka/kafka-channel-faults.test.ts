import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';
import type { Channel, SendResult } from '../../../src/channels/channel';
import { createKafkaChannel } from '../../../src/channels/kafka/kafka-channel';
import type { KafkaEndpoint } from '../../../src/config/config';
import type { Message } from '../../../src/domain/message';
import { createTopic, KAFKA_WITHIN_MS } from '../../support/services/kafka/admin';
import { type KafkaService, startKafka } from '../../support/services/kafka/kafka';
import { readTopic } from '../../support/services/kafka/read-topic';
import { startTcpForwarder, type TcpForwarder } from '../../support/tcp-forwarder';
import { createAuthority } from '../webhook/certificates';
import { aKafkaEndpoint } from './a-kafka-endpoint';

let kafka: KafkaService;
let forwarder: TcpForwarder;
let channel: Channel<KafkaEndpoint>;
let topic: string;
let warned: unknown[];

beforeAll(async () => {
  kafka = await startKafka();
  forwarder = await startTcpForwarder(kafka.forwardedPort, `127.0.0.1:${kafka.listenerPort}`);
}, KAFKA_WITHIN_MS);
afterAll(async () => {
  await forwarder?.stop();
  await kafka?.stop();
});
beforeEach(async () => {
  warned = [];
  channel = createKafkaChannel({ warn: (message, details) => warned.push([message, details]) });
  topic = randomUUID();
  await createTopic(kafka.broker, topic);
});
afterEach(() => channel.close());

const brokers = () => [`127.0.0.1:${kafka.forwardedPort}`];

/** As the engine does: the same message, until it is delivered. Resolves with the number of attempts. */
async function deliver(message: Message, timeoutMs = 4_000): Promise<number> {
  const endpoint = { ...aKafkaEndpoint({ brokers: brokers(), topic }), timeoutMs };
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

/** In a process of its own, for Node reads which authorities it trusts only as it starts. */
async function sendOnce(endpoint: KafkaEndpoint, env: Record<string, string>): Promise<SendResult> {
  const hook = join(__dirname, '../../../scripts/typescript-hook.js');
  const args = [
    '--require',
    hook,
    join(__dirname, 'send-once.ts'),
    JSON.stringify(endpoint),
    JSON.stringify(message(0)),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env } });
  return JSON.parse(stdout) as SendResult;
}

describe('the Kafka channel', () => {
  it('writes a message once where the acknowledgement is lost with its connection', async () => {
    const sent = Array.from({ length: 12 }, (_, number) => message(number));
    await deliver(sent[0] as Message);
    for (const each of sent.slice(1)) {
      forwarder.loseNextAnswer();
      expect(await deliver(each, 60_000)).toBe(1);
    }
    const received = await readTopic(kafka.broker, topic, sent.length);
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual(sent.map(({ id }) => id));
  });

  it('speaks TLS, to a broker whose certificate it can trust and to no other', async () => {
    await forwarder.stop();
    const authority = createAuthority();
    const { cert, key } = authority.issue('127.0.0.1');
    const options = { cert: readFileSync(cert), key: readFileSync(key) };
    const inFront = createTlsServer(options, (socket) => {
      const broker = connect(kafka.listenerPort, '127.0.0.1');
      for (const each of [socket, broker]) each.on('error', () => undefined);
      socket.pipe(broker).pipe(socket);
    });
    await new Promise<void>((resolve) => inFront.listen(kafka.forwardedPort, '127.0.0.1', resolve));
    try {
      const endpoint = { ...aKafkaEndpoint({ brokers: brokers(), topic }), tls: true };
      const sent = await sendOnce(endpoint, { NODE_EXTRA_CA_CERTS: authority.caFile });
      expect(sent.outcome).toEqual({ kind: 'delivered' });

      const refused = await channel.send(endpoint, message(0), new AbortController().signal);
      expect(refused).toMatchObject({
        outcome: { kind: 'retry', slow: false },
        attempt: { error: expect.stringMatching(/certificate/) },
      });
    } finally {
      inFront.close();
      authority.remove();
      forwarder = await startTcpForwarder(kafka.forwardedPort, `127.0.0.1:${kafka.listenerPort}`);
    }
  });

  it('does not keep a worker that stops waiting for a broker that hangs', async () => {
    const sockets: Socket[] = [];
    const hanging = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    const { port } = hanging.address() as AddressInfo;
    const stop = new AbortController();
    const endpoint = { ...aKafkaEndpoint({ brokers: [`127.0.0.1:${port}`], topic }), timeoutMs: 60_000 };
    const sending = channel.send(endpoint, message(0), stop.signal);
    await new Promise((resolve) => hanging.once('connection', resolve));
    stop.abort(new Error('the worker stops'));
    expect((await sending).outcome).toEqual({ kind: 'retry', slow: false });

    const since = performance.now();
    await channel.close();
    expect(performance.now() - since).toBeLessThan(30_000); // the attempt might have taken a minute
    const said = expect.stringContaining('nothing is lost');
    expect(warned).toEqual([[said, { endpoint: 'status', brokers: [`127.0.0.1:${port}`] }]]);
    hanging.close();
    for (const socket of sockets) socket.destroy();
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
