import { once } from 'node:events';
import { request } from 'node:http';
import { eventually } from '../../support/eventually';
import { closeGateways, JOB_PATH, type RunningGateway, rawRequest, SUBMISSION, startGateway } from '../harness';

const TOKENS = [
  { name: 'ci', token: 'ci-token-0123456789' },
  { name: 'ops', token: 'ops-token-0123456789' },
];

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({ tokens: TOKENS });
});
afterAll(closeGateways);

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test.each([
  ['GET', '/v1/jobs'],
  ['POST', '/v1/jobs'],
  ['GET', JOB_PATH],
  ['HEAD', JOB_PATH],
  ['POST', `${JOB_PATH}/completion`],
  ['POST', `${JOB_PATH}/heartbeat`],
  ['POST', `${JOB_PATH}/cancel`],
  ['POST', `${JOB_PATH}/redeliver`],
  // Decoded, this is /v1/jobs: a guard that looked at the raw path would let it through.
  ['GET', '/%76%31/jobs'],
])('refuses %s %s without a token', async (method, path) => {
  const { status, headers } = await rawRequest(gateway.origin, { method, path });
  expect({ status, challenge: headers['www-authenticate'] }).toEqual({
    status: 401,
    challenge: 'Bearer realm="jobherald"',
  });
  expect(gateway.jobs.calls).toEqual([]);
});

test('refuses before it reads the body', async () => {
  expect((await gateway.post('/v1/jobs', '{"not json')).status).toBe(401);

  const { hostname, port } = new URL(gateway.origin);
  const headers = { 'content-length': '1000' };
  const unfinished = request({ hostname, port, method: 'POST', path: '/v1/jobs', headers, agent: false });
  unfinished.on('error', () => undefined); // cut off by ourselves
  unfinished.flushHeaders();
  const [response] = await once(unfinished, 'response');
  expect(response.statusCode).toBe(401);
  unfinished.destroy();
});

test.each([
  ['a wrong token', 'Bearer wrong'],
  ['the beginning of a token', 'Bearer ci-token'],
  ['a token and more', 'Bearer ci-token-0123456789x'],
  ['the name of a token', 'Bearer ci'],
  ['an empty token', 'Bearer '],
  ['another scheme', 'Basic Y2k6Y2ktdG9rZW4tMDEyMzQ1Njc4OQ=='],
  ['no scheme', 'ci-token-0123456789'],
])('refuses %s', async (_name, authorization) => {
  const response = await gateway.fetch('/v1/jobs', { headers: { authorization } });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ code: 'unauthorized' });
});

test('takes each configured token, whatever the case of the scheme, and any Host and Origin with it', async () => {
  for (const { token } of TOKENS) {
    const headers = { authorization: `bEARER ${token}`, host: 'jobs.example.com', origin: 'https://ui.example.com' };
    expect((await rawRequest(gateway.origin, { path: '/v1/jobs', headers })).status).toBe(200);
  }
});

test.each(['/healthz', '/readyz', '/metrics', '/openapi.json'])('asks no token for %s', async (path) => {
  expect((await gateway.fetch(path)).status).toBe(200);
});

test('logs the name of the token and never the token', async () => {
  await gateway.post('/v1/jobs', SUBMISSION, { ...bearer('ops-token-0123456789'), 'x-request-id': 'by-ops' });
  await gateway.fetch('/v1/jobs', { headers: { ...bearer('wrong-token'), 'x-request-id': 'by-nobody' } });
  const line = (id: string) =>
    eventually('the log line', () =>
      gateway.log.find((entry) => entry['request_id'] === id && entry['msg'] === 'request'),
    );
  expect(await line('by-ops')).toMatchObject({ token: 'ops', status: 201 });
  expect(await line('by-nobody')).toMatchObject({ status: 401 });
  expect(JSON.stringify(gateway.log)).not.toMatch(/ops-token|wrong-token/);
});
