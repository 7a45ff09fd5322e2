import { connect } from 'node:net';
import { eventually } from '../../support/eventually';
import { closeGateways, JOB_PATH, type RunningGateway, rawRequest, SUBMISSION, startGateway } from '../harness';

let gateway: RunningGateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(closeGateways);

const lineOf = (id: string) =>
  eventually('the log line', () => gateway.log.find((line) => line['request_id'] === id && line['msg'] === 'request'));

test('logs one line per request, by the pattern of its route', async () => {
  await gateway.post('/v1/jobs', SUBMISSION, { 'x-request-id': 'one' });
  await gateway.fetch(JOB_PATH, { headers: { 'x-request-id': 'two' } });
  await gateway.fetch('/no/such/path', { headers: { 'x-request-id': 'three' } });
  expect(await lineOf('one')).toMatchObject({ method: 'POST', route: '/v1/jobs', status: 201, ms: expect.any(Number) });
  expect(await lineOf('two')).toMatchObject({ method: 'GET', route: '/v1/jobs/:provider/:job', status: 200 });
  expect(await lineOf('three')).toMatchObject({ method: 'GET', route: 'unmatched', status: 404 });
  for (const id of ['one', 'two', 'three']) {
    expect(gateway.log.filter((line) => line['request_id'] === id && line['msg'] === 'request')).toHaveLength(1);
  }
});

test('logs neither bodies nor queries nor headers', async () => {
  const metadata = { password: 'hunter2' };
  await gateway.post('/v1/jobs?password=hunter2', { ...SUBMISSION, metadata }, { 'x-secret': 'hunter2' });
  await gateway.post('/ingress/pubsub?token=hunter2', { password: 'hunter2' }, { 'x-request-id': 'last' });
  await lineOf('last');
  expect(JSON.stringify(gateway.log)).not.toContain('hunter2');
});

test('logs a request that its client gave up as aborted', async () => {
  let open = (): void => {};
  gateway.jobs.waitFor(
    new Promise((resolve) => {
      open = resolve;
    }),
  );
  const { hostname, port } = new URL(gateway.origin);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${JOB_PATH} HTTP/1.1\r\nhost: ${hostname}\r\nx-request-id: gone\r\n\r\n`);
  await new Promise((resolve) => socket.write('', resolve));
  socket.end();
  // Half-closed, so that the gateway has read the request before the connection goes.
  setImmediate(() => socket.destroy());
  expect(await lineOf('gone')).toMatchObject({ status: 'aborted' });
  open();
});

describe('x-request-id', () => {
  test('comes back as it was sent', async () => {
    const response = await gateway.fetch('/healthz', { headers: { 'x-request-id': '4bf92f35-77b3/x:1' } });
    expect(response.headers.get('x-request-id')).toBe('4bf92f35-77b3/x:1');
  });

  test.each([
    ['absent', undefined],
    ['too long', 'x'.repeat(129)],
    ['fit to break a log', 'a"b {}'],
    ['empty', ''],
  ])('is made where it is %s', async (_name, id) => {
    const { headers } = await rawRequest(gateway.origin, { headers: id === undefined ? {} : { 'x-request-id': id } });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  });
});

describe('/metrics', () => {
  const metrics = async () => (await gateway.fetch('/metrics')).text();

  test('counts requests and times them by route, method and status, and has the process metrics', async () => {
    await gateway.post('/v1/jobs', SUBMISSION, { 'x-request-id': 'counted' });
    await lineOf('counted');
    const text = await metrics();
    expect(text).toContain('jobherald_http_requests_total{route="/v1/jobs",method="POST",status="201"} 1');
    expect(text).toMatch(/jobherald_http_request_duration_seconds_count{route="\/v1\/jobs".*} 1/);
    expect(text).toContain('process_cpu_seconds_total');
  });

  test('has no label that a client can make up', async () => {
    await rawRequest(gateway.origin, { method: 'PROPFIND', path: '/made-up-1' });
    await rawRequest(gateway.origin, { path: '/v1/jobs/made-up-2/made-up-3' });
    await rawRequest(gateway.origin, { path: '/made-up-4/%zz', headers: { 'x-request-id': 'made-up-last' } });
    await lineOf('made-up-last');
    const text = await metrics();
    expect(text).not.toContain('made-up');
    expect(text).toContain('route="unmatched",method="other",status="404"');
    expect(text).toContain('route="unmatched",method="GET",status="400"');
  });
});
