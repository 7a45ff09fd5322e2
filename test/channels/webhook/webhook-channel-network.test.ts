import { anEndpoint, LOOPBACK_ALLOWED, MESSAGE, NEVER } from './a-webhook';
import { closeAll, startChannel, startServer } from './harness';

afterEach(closeAll);

const RETRY_SLOWLY = { kind: 'retry', slow: true };

test('a blocked address is never dialled', async () => {
  const server = await startServer((response) => response.end());
  const channel = startChannel({ network: { allow: [], deny: [] }, lookup: async () => ['127.0.0.1'] });
  const hosts = ['127.0.0.1', 'localhost', 'receiver.test', '[::ffff:127.0.0.1]', '2130706433'];
  for (const host of hosts) {
    const endpoint = anEndpoint(`https://${host}:${server.port}/`);
    const { outcome, attempt } = await channel.send(endpoint, MESSAGE, NEVER);
    expect(outcome).toEqual(RETRY_SLOWLY);
    expect(attempt.error).toMatch(/^blocked address (127\.0\.0\.1|::ffff:7f00:1) \(loopback\)$/);
    expect(attempt).not.toHaveProperty('address');
  }
  expect(server.connections()).toBe(0);
});

test('a name with one blocked address among its answers is never dialled', async () => {
  const server = await startServer((response) => response.end());
  const channel = startChannel({ lookup: async () => ['127.0.0.1', '10.0.0.1'] });
  const { outcome, attempt } = await channel.send(anEndpoint(`http://receiver.test:${server.port}/`), MESSAGE, NEVER);
  expect([outcome, attempt.error]).toEqual([RETRY_SLOWLY, 'blocked address 10.0.0.1 (private)']);
  expect(server.connections()).toBe(0);
});

test('an answer of DNS that changes after the check redirects nothing', async () => {
  const vetted = await startServer((response) => response.end());
  const other = await startServer((response) => response.end(), { host: '127.0.0.2', port: vetted.port });
  const answers = [['127.0.0.1'], ['127.0.0.2']];
  const asked: string[] = [];
  const lookup = async (hostname: string) => {
    asked.push(hostname);
    return answers[asked.length - 1] ?? [];
  };
  // Only the lookup above knows this name: a second resolution by anything else would fail.
  const endpoint = anEndpoint(`http://receiver.test:${vetted.port}/`);
  const { outcome } = await startChannel({ lookup }).send(endpoint, MESSAGE, NEVER);
  expect(outcome.kind).toBe('delivered');
  expect(asked).toEqual(['receiver.test']);
  expect([vetted.requests.length, other.connections()]).toEqual([1, 0]);
  expect(vetted.requests[0]?.headers.host).toBe(`receiver.test:${vetted.port}`);
});

test('a name is resolved and vetted again at each attempt, a kept connection or not', async () => {
  const server = await startServer((response) => response.end());
  const answers = [['127.0.0.1'], ['10.0.0.1']];
  const channel = startChannel({ lookup: async () => answers.shift() ?? [] });
  const endpoint = anEndpoint(`http://receiver.test:${server.port}/`);
  expect((await channel.send(endpoint, MESSAGE, NEVER)).outcome.kind).toBe('delivered');
  const { outcome, attempt } = await channel.send(endpoint, MESSAGE, NEVER);
  expect([outcome, attempt.error]).toEqual([RETRY_SLOWLY, 'blocked address 10.0.0.1 (private)']);
  expect(server.requests).toHaveLength(1);
});

test('answers in another order keep to the address that has connections', async () => {
  const server = await startServer((response) => response.end());
  const other = await startServer((response) => response.end(), { host: '127.0.0.2', port: server.port });
  const answers = [
    ['127.0.0.1', '127.0.0.2'],
    ['127.0.0.2', '127.0.0.1'],
  ];
  const channel = startChannel({ lookup: async () => answers.shift() ?? [] });
  const endpoint = anEndpoint(`http://receiver.test:${server.port}/`);
  for (const _ of [1, 2]) expect((await channel.send(endpoint, MESSAGE, NEVER)).attempt.address).toBe('127.0.0.1');
  expect(other.connections()).toBe(0);
});

test('deny wins over allow', async () => {
  const server = await startServer((response) => response.end());
  const channel = startChannel({ network: { ...LOOPBACK_ALLOWED, deny: ['127.0.0.1'] } });
  const { outcome, attempt } = await channel.send(anEndpoint(server.url), MESSAGE, NEVER);
  expect([outcome, attempt.error]).toEqual([RETRY_SLOWLY, 'blocked address 127.0.0.1 (in network.deny)']);
  expect(server.connections()).toBe(0);
});

test('a URL that is none is refused at the attempt too', async () => {
  const { outcome, attempt } = await startChannel().send(anEndpoint('orders.example.com'), MESSAGE, NEVER);
  expect([outcome, attempt.error]).toEqual([RETRY_SLOWLY, 'not a URL; write https://host/path']);
});

describe('network.allow', () => {
  const INLINE = 'inline-0123456789ab';
  const blocked = { outcome: RETRY_SLOWLY, attempt: { error: 'blocked address 127.0.0.1 (loopback)' } };
  const delivered = { outcome: { kind: 'delivered' } };

  it('counts for inline endpoints where they may go anywhere, and not by default', async () => {
    const server = await startServer((response) => response.end());
    const endpoint = anEndpoint(server.url, { name: INLINE });
    expect(await startChannel().send(endpoint, MESSAGE, NEVER)).toMatchObject(blocked);
    for (const inlineEndpoints of ['public', 'off'] as const) {
      expect(await startChannel({ inlineEndpoints }).send(endpoint, MESSAGE, NEVER)).toMatchObject(blocked);
    }
    expect(server.connections()).toBe(0);
    expect(await startChannel({ inlineEndpoints: 'all' }).send(endpoint, MESSAGE, NEVER)).toMatchObject(delivered);
  });

  it('shows of the answer of an inline endpoint its status alone', async () => {
    const server = await startServer((response) => response.writeHead(500).end('the password is hunter2'));
    const channel = startChannel({ inlineEndpoints: 'all' });
    const { attempt } = await channel.send(anEndpoint(server.url, { name: INLINE }), MESSAGE, NEVER);
    expect(attempt).toMatchObject({ status: 500, error: 'HTTP 500' });
    expect(attempt).not.toHaveProperty('excerpt');
    expect((await channel.send(anEndpoint(server.url), MESSAGE, NEVER)).attempt).toHaveProperty('excerpt');
  });

  it('of an endpoint lets that one through and no other, and network.deny wins', async () => {
    const server = await startServer((response) => response.end());
    const own = { network: { allow: ['127.0.0.0/8'] } };
    const channel = startChannel({ network: { allow: [], deny: [] } });
    expect(await channel.send(anEndpoint(server.url, own), MESSAGE, NEVER)).toMatchObject(delivered);
    const other = anEndpoint(server.url, { name: 'other' });
    expect(await channel.send(other, MESSAGE, NEVER)).toMatchObject(blocked);
    const denying = startChannel({ network: { allow: [], deny: ['127.0.0.1'] } });
    expect(await denying.send(anEndpoint(server.url, own), MESSAGE, NEVER)).toMatchObject({
      attempt: { error: 'blocked address 127.0.0.1 (in network.deny)' },
    });
  });
});
