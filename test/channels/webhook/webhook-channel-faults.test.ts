import { once } from 'node:events';
import type { Socket } from 'node:net';
import { anEndpoint, MESSAGE, NEVER } from './a-webhook';
import { closeAll, startChannel, startServer, startTcpServer } from './harness';

afterEach(closeAll);

const RETRY = { kind: 'retry', slow: false };
const RETRY_SLOWLY = { kind: 'retry', slow: true };

test('an endpoint that does not answer in time is given up and hung up on', async () => {
  const closed: Promise<unknown>[] = [];
  const server = await startServer((response) => closed.push(once(response, 'close')));
  // On a slow machine the first may be over before the request is sent.
  for (const seconds of [0.2, 2, 20]) {
    const endpoint = anEndpoint(server.url, { timeoutMs: seconds * 1_000 });
    const { outcome, attempt } = await startChannel().send(endpoint, MESSAGE, NEVER);
    expect(outcome).toEqual(RETRY);
    expect(attempt).toMatchObject({ error: `timeout after ${seconds < 1 ? '200ms' : `${seconds}s`}` });
    if (closed.length > 0) expect(attempt.address).toBe('127.0.0.1');
    if (closed.length > 0) break;
  }
  await closed[0];
  expect(closed).toHaveLength(1);
});

test('an endpoint that drips its headers is given up in time', async () => {
  const { port } = await startTcpServer((socket) => {
    const drip = setInterval(() => socket.write('x'), 10);
    socket.on('close', () => clearInterval(drip));
    socket.write('HTTP/1.1 200 OK\r\nx-drip: ');
  });
  const endpoint = anEndpoint(`http://127.0.0.1:${port}/`, { timeoutMs: 1_500 });
  const { outcome, attempt } = await startChannel().send(endpoint, MESSAGE, NEVER);
  expect([outcome, attempt.error]).toEqual([RETRY, 'timeout after 1.5s']);
});

test('a resolver that does not answer in time is given up', async () => {
  const channel = startChannel({ lookup: () => new Promise(() => undefined) });
  const endpoint = anEndpoint('https://orders.example.com/', { timeoutMs: 100 });
  const { outcome, attempt } = await channel.send(endpoint, MESSAGE, NEVER);
  expect(outcome).toEqual(RETRY);
  expect(attempt.error).toBe('timeout after 100ms');
  expect(attempt).not.toHaveProperty('address');
});

test('a closed port is reported as such', async () => {
  const { outcome, attempt } = await startChannel().send(anEndpoint('http://127.0.0.1:1/'), MESSAGE, NEVER);
  expect(outcome).toEqual(RETRY);
  expect(attempt).toMatchObject({ error: 'connect ECONNREFUSED 127.0.0.1:1', address: '127.0.0.1' });
});

test('a name that does not exist is reported as such', async () => {
  const { outcome, attempt } = await startChannel().send(anEndpoint('https://nobody.invalid/'), MESSAGE, NEVER);
  expect(outcome).toEqual(RETRY);
  // Another reason where the machine has no DNS at all.
  expect(attempt.error).toMatch(/^the name nobody\.invalid cannot be resolved: ./);
});

test('a connection that breaks before the answer is reported as such', async () => {
  const { port } = await startTcpServer((socket) => socket.once('data', () => socket.end()));
  const { outcome, attempt } = await startChannel().send(anEndpoint(`http://127.0.0.1:${port}/`), MESSAGE, NEVER);
  expect([outcome, attempt.error]).toEqual([RETRY, 'connection lost before an answer (other side closed)']);
});

test('an answer that is not HTTP is reported as such', async () => {
  const { port } = await startTcpServer((socket) => socket.once('data', () => socket.write('SSH-2.0-OpenSSH_9.6\r\n')));
  const { outcome, attempt } = await startChannel().send(anEndpoint(`http://127.0.0.1:${port}/`), MESSAGE, NEVER);
  expect(outcome).toEqual(RETRY);
  expect(attempt.error).toMatch(/^unreadable answer: /);
});

test('an answer with endless headers is reported as such', async () => {
  const { port } = await startTcpServer((socket) => {
    socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(200_000)}`));
  });
  const { outcome, attempt } = await startChannel().send(anEndpoint(`http://127.0.0.1:${port}/`), MESSAGE, NEVER);
  expect([outcome, attempt.error]).toEqual([RETRY, 'the headers of the answer are too long']);
});

test('after a connection that died when it was used again, the next attempt takes a fresh one', async () => {
  const sockets = new Set<unknown>();
  const arrived = Promise.withResolvers<void>();
  const waiting: (() => void)[] = [];
  const server = await startServer((response) => {
    const { socket } = response;
    if (sockets.has(socket)) return void socket?.destroy();
    sockets.add(socket);
    waiting.push(() => response.end());
    if (waiting.length === 4) arrived.resolve();
    if (waiting.length > 4) response.end();
  });
  const channel = startChannel();
  const send = async () => (await channel.send(anEndpoint(server.url), MESSAGE, NEVER)).outcome.kind;
  // Four connections, all of them idle after that.
  const first = [send(), send(), send(), send()];
  await arrived.promise;
  for (const answer of waiting) answer();
  expect(await Promise.all(first)).toEqual(Array(4).fill('delivered'));
  expect([await send(), await send()]).toEqual(['retry', 'delivered']);
  expect(server.connections()).toBe(5);
});

test('what an idle connection says is not taken for the answer to the next request', async () => {
  const said = Promise.withResolvers<unknown>();
  let connections = 0;
  const { port } = await startTcpServer((socket) => {
    connections++;
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      setTimeout(() => socket.write('HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n'), 50);
      said.resolve(once(socket, 'close'));
    });
  });
  const channel = startChannel();
  for (const _ of [1, 2]) {
    const { outcome } = await channel.send(anEndpoint(`http://127.0.0.1:${port}/`), MESSAGE, NEVER);
    expect(outcome.kind).toBe('delivered');
    await said.promise;
  }
  expect(connections).toBe(2);
});

test('the caller may give an attempt up', async () => {
  const stop = new AbortController();
  const server = await startServer(() => stop.abort(new Error('the worker stops')));
  const { outcome, attempt } = await startChannel().send(anEndpoint(server.url), MESSAGE, stop.signal);
  expect([outcome, attempt.error]).toEqual([RETRY, 'the worker stops']);
});

test('an attempt that is given up before it begins dials nobody', async () => {
  const server = await startServer((response) => response.end());
  const stopped = AbortSignal.abort(new Error('the worker stops'));
  const { outcome, attempt } = await startChannel().send(anEndpoint(server.url), MESSAGE, stopped);
  expect([outcome, attempt.error]).toEqual([RETRY, 'the worker stops']);
  expect(server.connections()).toBe(0);
});

test('the next address is tried where one cannot be connected', async () => {
  const server = await startServer((response) => response.end());
  const channel = startChannel({ lookup: async () => ['127.0.0.2', '127.0.0.1'] });
  const endpoint = anEndpoint(`http://receiver.test:${server.port}/`);
  for (const _ of [1, 2]) {
    const { outcome, attempt } = await channel.send(endpoint, MESSAGE, NEVER);
    expect([outcome.kind, attempt.address]).toEqual(['delivered', '127.0.0.1']);
  }
  expect(server.requests).toHaveLength(2);
});

test('no other address is tried once the request may have arrived', async () => {
  const reached: Socket[] = [];
  const { port } = await startTcpServer((socket) => {
    reached.push(socket);
    socket.once('data', () => socket.destroy());
  });
  const second = await startServer((response) => response.end(), { host: '127.0.0.2', port });
  const channel = startChannel({ lookup: async () => ['127.0.0.1', '127.0.0.2'] });
  const { outcome, attempt } = await channel.send(anEndpoint(`http://receiver.test:${port}/`), MESSAGE, NEVER);
  expect([outcome, attempt.address]).toEqual([RETRY, '127.0.0.1']);
  expect([reached.length, second.connections()]).toEqual([1, 0]);
});

test('a client certificate that cannot be read is a matter of configuration', async () => {
  const server = await startServer((response) => response.end());
  const clientCertificate = { cert: '/nowhere/cert.pem', key: '/nowhere/key.pem' };
  const { outcome, attempt } = await startChannel().send(anEndpoint(server.url, { clientCertificate }), MESSAGE, NEVER);
  expect(outcome).toEqual(RETRY_SLOWLY);
  expect(attempt.error).toMatch(/^client_certificate cannot be read: ENOENT.*\/nowhere\//);
  expect(server.connections()).toBe(0);
});
