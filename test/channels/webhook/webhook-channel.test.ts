import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { verifyWebhook } from '../../../src/receiver';
import { eventually } from '../../support/eventually';
import { anEndpoint, MESSAGE, NEVER, SECRETS } from './a-webhook';
import { closeAll, startChannel, startServer, startTcpServer } from './harness';

afterEach(closeAll);

describe('the request', () => {
  test('is a POST of the exact bytes, signed by every key of the secret at the time of the attempt', async () => {
    const server = await startServer((response) => response.end());
    let now = Date.parse('2026-03-01T12:00:00.900Z');
    const channel = startChannel({ now: () => now });
    const endpoint = anEndpoint(server.url, { secret: 'orders' });

    const { outcome, attempt } = await channel.send(endpoint, MESSAGE, NEVER);
    expect(outcome).toEqual({ kind: 'delivered' });
    expect(attempt).toEqual({
      time: '2026-03-01T12:00:00.900Z',
      status: 200,
      address: '127.0.0.1',
      duration_ms: expect.any(Number),
    });
    now += 60_000;
    await channel.send(endpoint, MESSAGE, NEVER);

    const timestamps = server.requests.map(({ method, url, headers, body }) => {
      expect([method, url]).toEqual(['POST', '/hooks?x=1']);
      expect(body.toString()).toBe(MESSAGE.body);
      for (const secret of SECRETS.orders) {
        const timestampMs = Number(headers['webhook-timestamp']) * 1000;
        expect(verifyWebhook({ headers, body, secrets: [secret], now: new Date(timestampMs) }).id).toBe(MESSAGE.id);
      }
      return headers['webhook-timestamp'];
    });
    expect(timestamps).toEqual(['1772366400', '1772366460']);
  });

  test('carries our headers over the format’s, and those over the endpoint’s own', async () => {
    const server = await startServer((response) => response.end());
    const headers = { 'x-team': 'orders', 'ce-id': 'endpoint', 'webhook-id': 'endpoint' };
    const message = { ...MESSAGE, headers: { 'ce-id': 'format', 'idempotency-key': 'format' } };
    await startChannel().send(anEndpoint(server.url, { headers }), message, NEVER);
    expect(server.requests[0]?.headers).toMatchObject({
      host: `127.0.0.1:${server.port}`,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(MESSAGE.body)),
      'user-agent': 'jobherald/1.2.3',
      'webhook-id': MESSAGE.id,
      'idempotency-key': MESSAGE.id,
      'x-team': 'orders',
      'ce-id': 'format',
    });
  });

  test('is unsigned only where the endpoint has no secret', async () => {
    const server = await startServer((response) => response.end());
    const channel = startChannel();
    await channel.send(anEndpoint(server.url), MESSAGE, NEVER);
    expect(server.requests[0]?.headers).not.toHaveProperty('webhook-signature');

    const result = await channel.send(anEndpoint(server.url, { secret: 'lost' }), MESSAGE, NEVER);
    expect(result.outcome).toEqual({ kind: 'retry', slow: true });
    expect(result.attempt.error).toBe('the secret lost is not configured; add it under secrets');
    expect(server.requests).toHaveLength(1);
  });

  test('goes along a kept connection, which endpoints never share', async () => {
    const server = await startServer((response) => response.end());
    const channel = startChannel();
    for (let sent = 0; sent < 20; sent += 1) await channel.send(anEndpoint(server.url), MESSAGE, NEVER);
    const own = server.connections();
    // Two, because a connection rests for one turn of the event loop after an answer.
    expect(own).toBeLessThanOrEqual(2);
    await channel.send(anEndpoint(server.url, { name: 'billing' }), MESSAGE, NEVER);
    expect(server.connections()).toBe(own + 1);
  });
});

describe('the answer', () => {
  test('of a refusal leaves its status and the beginning of its body in the log', async () => {
    const body = `no\u001b[31m\n${'ü'.repeat(10_000)}`;
    const server = await startServer((response) => response.writeHead(503, { 'retry-after': '7' }).end(body));
    const { outcome, attempt } = await startChannel().send(anEndpoint(server.url), MESSAGE, NEVER);
    expect(outcome).toEqual({ kind: 'retry', slow: false, retryAfterMs: 7000 });
    expect(attempt).toMatchObject({ status: 503, error: 'HTTP 503', excerpt: `no [31m ${'ü'.repeat(124)}` });
  });

  test('that redirects is a failed attempt and is not followed', async () => {
    const elsewhere = await startServer((response) => response.end());
    const server = await startServer((response) => response.writeHead(307, { location: elsewhere.url }).end());
    const { outcome, attempt } = await startChannel().send(anEndpoint(server.url), MESSAGE, NEVER);
    expect(outcome).toEqual({ kind: 'retry', slow: false });
    expect(attempt).toMatchObject({ status: 307, error: 'HTTP 307, redirects are not followed' });
    expect(elsewhere.connections()).toBe(0);
  });

  test('may be announced by 1xx', async () => {
    const server = await startServer((response) => {
      response.writeProcessing();
      // Not at once: what came before would not be seen.
      const answer = () => setTimeout(() => response.writeHead(204).end(), 100);
      response.writeEarlyHints({ link: '</style.css>; rel=preload' }, answer);
    });
    const { outcome, attempt } = await startChannel().send(anEndpoint(server.url), MESSAGE, NEVER);
    expect([outcome.kind, attempt.status]).toEqual(['delivered', 204]);
  });

  test('counts after interim answers that nobody asked for, and the request is sent once', async () => {
    const bodies: string[] = [];
    const { port } = await startTcpServer((socket) => {
      socket.on('data', (chunk) => {
        if (!chunk.includes(MESSAGE.body)) return;
        bodies.push(chunk.toString());
        socket.write('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\nx-more: 1\r\n\r\n');
        setTimeout(() => socket.write('HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n'), 20);
      });
    });
    const channel = startChannel();
    // The second time on the same connection.
    for (const times of [1, 2]) {
      const { outcome, attempt } = await channel.send(anEndpoint(`http://127.0.0.1:${port}/`), MESSAGE, NEVER);
      expect([outcome.kind, attempt.status, bodies.length]).toEqual(['delivered', 204, times]);
    }
  });

  test('that switches to another protocol is a failed attempt, and the connection is closed', async () => {
    const closed: Promise<unknown>[] = [];
    const { port } = await startTcpServer((socket) => {
      closed.push(once(socket, 'close'));
      socket.on('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
      );
    });
    const { outcome, attempt } = await startChannel().send(anEndpoint(`http://127.0.0.1:${port}/`), MESSAGE, NEVER);
    expect(outcome).toEqual({ kind: 'retry', slow: false });
    expect(attempt.error).toBe('HTTP 101, switches to a protocol that was not asked for');
    await Promise.all(closed);
  });

  test('may have headers of up to 128 KiB', async () => {
    const server = await startServer((response) => {
      response.writeHead(200, { 'x-a': 'a'.repeat(60_000), 'x-b': 'b'.repeat(60_000) }).end();
    });
    const { outcome } = await startChannel().send(anEndpoint(server.url), MESSAGE, NEVER);
    expect(outcome.kind).toBe('delivered');
    expect(server.requests[0]?.headers).toMatchObject({ 'accept-encoding': 'identity' });
  });

  test('counts once status and headers are there, though its body never ends', async () => {
    const closed: Promise<unknown>[] = [];
    const server = await startServer((response, { url }) => {
      closed.push(once(response, 'close'));
      response.writeHead(url === '/good' ? 200 : 500).write('drip');
    });
    const channel = startChannel();
    const base = `http://127.0.0.1:${server.port}`;
    // Nothing of a success is of interest, so that its body is not waited for at all. Whatever takes long takes long each time.
    await eventually('a success is known at once', async () => {
      const good = await channel.send(anEndpoint(`${base}/good`), MESSAGE, NEVER);
      expect(good.outcome).toEqual({ kind: 'delivered' });
      return good.attempt.duration_ms < 700;
    });
    // One second for the body, or what is left of a shorter timeout: the answer counts all the same.
    for (const timeoutMs of [15_000, 900]) {
      await eventually('a refusal is known after a second', async () => {
        const bad = await channel.send(anEndpoint(`${base}/bad`, { timeoutMs }), MESSAGE, NEVER);
        expect(bad.outcome).toEqual({ kind: 'retry', slow: false });
        expect(bad.attempt).toMatchObject({ status: 500, error: 'HTTP 500', excerpt: 'drip' });
        return bad.attempt.duration_ms > 700 && bad.attempt.duration_ms < 5_000;
      });
    }
    // The connections are closed from our side, well before the timeout of the attempt.
    await Promise.all(closed);
  });

  test('is not waited for to its end, and its connection is used again after that', async () => {
    const first = Promise.withResolvers<ServerResponse>();
    const ports: (number | undefined)[] = [];
    const server = await startServer((response) => {
      ports.push(response.socket?.remotePort);
      if (ports.length > 1) return response.end();
      response.writeHead(200).write('the beginning');
      return first.resolve(response);
    });
    const channel = startChannel();
    const { outcome } = await channel.send(anEndpoint(server.url), MESSAGE, NEVER);
    expect(outcome).toEqual({ kind: 'delivered' });
    (await first.promise).end('the end');
    let atOnce = 1;
    await eventually('the first connection is used again', async () => {
      // More and more at once, so that every idle connection is used.
      await Promise.all(Array.from({ length: atOnce++ }, () => channel.send(anEndpoint(server.url), MESSAGE, NEVER)));
      return ports.slice(1).includes(ports[0]);
    });
  });

  test.each([
    ['as long as 64 KiB keeps the connection', 64 * 1024, (connections: number) => connections < 20],
    ['longer than 64 KiB costs the connection', 256 * 1024, (connections: number) => connections === 20],
  ])('%s', async (_, length, expected) => {
    const server = await startServer((response) => response.end(Buffer.alloc(length)));
    const channel = startChannel();
    for (let sent = 0; sent < 20; sent += 1) {
      expect((await channel.send(anEndpoint(server.url), MESSAGE, NEVER)).outcome.kind).toBe('delivered');
    }
    expect(expected(server.connections())).toBe(true);
  });

  test('in a content coding leaves no excerpt', async () => {
    const server = await startServer((response) =>
      response.writeHead(500, { 'content-encoding': 'br' }).end('\u0001x'),
    );
    const { attempt } = await startChannel().send(anEndpoint(server.url), MESSAGE, NEVER);
    expect(attempt).not.toHaveProperty('excerpt');
  });
});
