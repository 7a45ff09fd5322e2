import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { sign, signingKey } from '../../../src/channels/webhook/sign';
import { JobHeraldError } from '../../../src/domain/jobherald-error';
import { closeGateways, type RunningGateway, startGateway } from '../../gateway/harness';
import { signedWebhook } from '../../receiver/signed-webhook';
import { eventually } from '../../support/eventually';
import { exampleConfig } from './an-example';

const BATCH = 'batch_67f7bfc50b28819';
const EVENT = { id: 'evt_1', object: 'event', created_at: 1750861210, type: 'batch.completed', data: { id: BATCH } };
/** The private key of RFC 8037, appendix A.1, of which the example holds the public one. */
const PRIVATE_KEY = 'whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=';

const http = [...exampleConfig('openai').providers.http, ...exampleConfig('in-house').providers.http];

let gateway: RunningGateway;
beforeEach(async () => {
  gateway = await startGateway({ http });
  await gateway.post('/v1/jobs', { provider: 'openai', job: BATCH, endpoints: ['orders'] });
  gateway.jobs.calls.length = 0;
});
afterEach(closeGateways);

const send = (body: unknown, id = 'wh_1', path = '/ingress/http/openai') =>
  gateway.fetch(path, signedWebhook(id, typeof body === 'string' ? body : JSON.stringify(body)));

const counted = async (result: string, provider = 'openai') => {
  const metrics = await (await gateway.fetch('/metrics')).text();
  expect(metrics).toContain(`jobherald_hints_total{provider="${provider}",transport="webhook",result="${result}"} 1`);
};

test("a service's webhook becomes a completion of its job, with its own id as the key", async () => {
  expect((await send(EVENT)).status).toBe(204);
  expect(gateway.jobs.calls).toMatchObject([
    {
      method: 'complete',
      provider: 'openai',
      job: BATCH,
      completion: { idempotency_key: 'wh_1', state: 'batch.completed' },
    },
  ]);
  await counted('accepted');
});

test('a signature by an ed25519 key is verified with the public key', async () => {
  await gateway.post('/v1/jobs', { provider: 'reports', job: '7', endpoints: ['orders'] });
  const body = Buffer.from('{"job":{"id":7}}');
  const now = Math.floor(Date.now() / 1000);
  const headers = {
    'webhook-id': 'r-1',
    'webhook-timestamp': String(now),
    'webhook-signature': sign('r-1', now, body, [signingKey(PRIVATE_KEY)]),
  };
  const answer = await gateway.fetch('/ingress/http/reports', { method: 'POST', headers, body });
  expect(answer.status).toBe(204);
  expect(gateway.jobs.calls.at(-1)).toMatchObject({ method: 'complete', provider: 'reports', job: '7' });
});

test('a numeric id beyond 2^53 keeps its digits, and a byte order mark does not matter', async () => {
  await gateway.post('/v1/jobs', { provider: 'reports', job: '9007199254740993', endpoints: ['orders'] });
  const body = Buffer.from('\uFEFF{"job":{"id":9007199254740993}}');
  const now = Math.floor(Date.now() / 1000);
  const headers = {
    'webhook-id': 'r-2',
    'webhook-timestamp': String(now),
    'webhook-signature': sign('r-2', now, body, [signingKey(PRIVATE_KEY)]),
  };
  expect((await gateway.fetch('/ingress/http/reports', { method: 'POST', headers, body })).status).toBe(204);
  expect(gateway.jobs.calls.at(-1)).toMatchObject({ method: 'complete', job: '9007199254740993' });
});

test('bodies of senders that nobody knows yet take 32 MiB together, and neither others nor the API feel it', async () => {
  const { hostname, port } = new URL(gateway.origin);
  const MIB = 1024 * 1024;
  const large = { ...EVENT, padding: 'x'.repeat(MIB) };
  const half = (headers: Record<string, string>) => {
    const socket = connect(Number(port), hostname);
    const lines = Object.entries({ host: hostname, 'content-length': String(4 * MIB), ...headers });
    socket.write(`POST /ingress/http/openai HTTP/1.1\r\n${lines.map((line) => line.join(': ')).join('\r\n')}\r\n\r\n`);
    socket.write(Buffer.alloc(4 * MIB - 1, ' '));
    return socket;
  };
  const forged = signedWebhook('wh_1', JSON.stringify(EVENT)).headers;
  const sockets = Array.from({ length: 10 }, () => half(forged));
  try {
    await eventually('another is turned away', async () => (await send(large)).status === 503);
    expect((await gateway.post('/v1/jobs', { provider: 'openai', job: 'other', endpoints: ['orders'] })).status).toBe(
      201,
    );
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  await eventually('there is room again', async () => (await send(large)).status === 204);
});

test('a body whose headers do not fit is not read', async () => {
  const { hostname, port } = new URL(gateway.origin);
  const socket = connect(Number(port), hostname);
  socket.write(`POST /ingress/http/openai HTTP/1.1\r\nhost: ${hostname}\r\ncontent-length: 100\r\n\r\n`);
  // Answered although the body never comes.
  const [answer] = await once(socket, 'data');
  socket.destroy();
  expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /);
});

describe('401 answers', () => {
  const refused = async (headers: Record<string, string>, body: string, code: string) => {
    const answer = await gateway.fetch('/ingress/http/openai', { method: 'POST', headers, body });
    expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'unauthorized' }]);
    expect(gateway.log).toContainEqual(expect.objectContaining({ reason: expect.stringContaining(code) }));
    expect(gateway.jobs.calls).toEqual([]);
  };
  const good = () => signedWebhook('wh_1', JSON.stringify(EVENT)).headers;

  it('a request without a signature', () => refused({}, JSON.stringify(EVENT), 'missing_header'));
  it('another body', () => refused(good(), JSON.stringify({ ...EVENT, id: 'evt_2' }), 'wrong_key'));
  it('another id', () => refused({ ...good(), 'webhook-id': 'wh_2' }, JSON.stringify(EVENT), 'wrong_key'));
  it('no body', () => refused(good(), '', 'wrong_key'));
  it("another service's key", async () => {
    const headers = good();
    const answer = await gateway.fetch('/ingress/http/reports', {
      method: 'POST',
      headers,
      body: JSON.stringify(EVENT),
    });
    expect(answer.status).toBe(401);
  });
  it('a webhook of long ago, though it is signed with the right key', async () => {
    const [reference] = JSON.parse(readFileSync(join(__dirname, '../../vectors/third-party-signature.json'), 'utf8'));
    const { headers, body } = reference as { headers: Record<string, string>; body: string };
    await refused(headers, body, 'stale');
  });
});

describe('204 answers, without effect,', () => {
  it.each<[string, unknown, string]>([
    ['an event about something else', { ...EVENT, type: 'response.completed', data: { id: 'resp_1' } }, 'ignored'],
    ['a job that nobody submitted', { ...EVENT, data: { id: 'batch_unknown' } }, 'unknown_job'],
    ['a body without a job', { ...EVENT, data: {} }, 'dead_letter'],
    ['a body that is not JSON', 'completed', 'dead_letter'],
    ['a body that is not an object', '[]', 'dead_letter'],
  ])('%s', async (_name, body, result) => {
    expect((await send(body)).status).toBe(204);
    expect(gateway.jobs.calls).toEqual([]);
    await counted(result);
    expect(gateway.told.map(({ type }) => type)).toEqual(result === 'dead_letter' ? ['hint.dead_letter'] : []);
  });
});

test.each(['nobody', 'constructor', 'vertex-ai'])('there is no webhook of %s', async (name) => {
  expect((await send(EVENT, 'wh_1', `/ingress/http/${name}`)).status).toBe(404);
});

test('a hint that Temporal has not accepted is refused, so that the service sends it again', async () => {
  gateway.jobs.failWith(new JobHeraldError('unavailable', 'Temporal is away'));
  expect((await send(EVENT)).status).toBe(503);
  gateway.jobs.failWith(undefined);
  expect((await send(EVENT)).status).toBe(204);
});

test('it needs no token of the API, and the tokens of the API do not help', async () => {
  const guarded = await startGateway({ http, tokens: [{ name: 'ci', token: 'a-token' }] });
  const { headers, body } = signedWebhook('wh_1', JSON.stringify(EVENT));
  const post = (more: Record<string, string>) =>
    guarded.fetch('/ingress/http/openai', { method: 'POST', headers: more, body });
  expect((await post(headers)).status).toBe(204);
  expect((await post({ authorization: 'Bearer a-token' })).status).toBe(401);
});
