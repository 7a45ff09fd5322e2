import { connect } from 'node:net';
import { JobHeraldError } from '../../../src/domain/jobherald-error';
import { eventually } from '../../support/eventually';
import { closeGateways, JOB_PATH, type RunningGateway, rawRequest, SUBMISSION, startGateway } from '../harness';

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway();
  await gateway.post('/v1/jobs', SUBMISSION);
});
afterAll(closeGateways);
afterEach(() => gateway.jobs.failWith(undefined));

interface Body {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

async function expectProblem(response: Response, status: number, code: string): Promise<Body> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const body = (await response.json()) as Body;
  expect({ status: response.status, code: body.code }).toEqual({ status, code });
  expect(body).toMatchObject({ type: `https://jobherald.dev/errors/${code}`, status });
  expect(body.title).not.toBe('');
  expect(body.detail).not.toBe('');
  return body;
}

const OTHER = { ...SUBMISSION, job: 'other' };
const DEEP = '{"a":'.repeat(200_000) + 1 + '}'.repeat(200_000);

test('an error with a number for its code, as gRPC has them, is a problem like any other', async () => {
  gateway.jobs.failWith(Object.assign(new Error('16 UNAUTHENTICATED: expired'), { code: 16, statusCode: 401 }));
  const { detail } = await expectProblem(await gateway.fetch(JOB_PATH), 500, 'internal');
  expect(detail).toContain('x-request-id');
});

describe('a body of the wrong shape is 400, with the pointer of each fault', () => {
  test.each<[string, unknown, string[]]>([
    ['not JSON', '{"provider": ', []],
    ['empty', undefined, ['']],
    ['null', 'null', ['']],
    ['an array', [], ['']],
    ['a number', '7', ['']],
    ['a missing member', { provider: 'vertex-ai', job: 'x' }, ['/endpoints']],
    ['two missing members', { provider: 'vertex-ai' }, ['/endpoints', '/job']],
    ['a wrong type', { ...OTHER, job: 7 }, ['/job']],
    ['a wrong type deep down', { ...OTHER, endpoints: [{ url: 7 }] }, ['/endpoints/0/url']],
    ['a number for an endpoint', { ...OTHER, endpoints: [7] }, ['/endpoints/0']],
    ['an endpoint with neither url nor name', { ...OTHER, endpoints: [{}] }, ['/endpoints/0']],
    ['events that are no list', { ...OTHER, endpoints: [{ url: 'x', events: 'all' }] }, ['/endpoints/0/events']],
    ['a label that is no text', { ...OTHER, labels: { 'a/b': 1 } }, ['/labels/a~1b']],
    ['metadata that is no object', { ...OTHER, metadata: [] }, ['/metadata']],
    ['a deadline that is text', { ...OTHER, heartbeat_deadline_seconds: '60' }, ['/heartbeat_deadline_seconds']],
    ['an unknown member', { ...OTHER, endpoint: 'orders' }, ['/endpoint']],
    ['an unknown member of an endpoint', { ...OTHER, endpoints: [{ url: 'x', urll: 'x' }] }, ['/endpoints/0/urll']],
    ['__proto__', `{"metadata": {"__proto__": {"polluted": true}}}`, ['/metadata']],
    ['half a surrogate pair', { ...OTHER, metadata: { a: '\ud800' } }, ['/metadata/a']],
    ['an integer beyond 2^53', `{"metadata": {"tenant_id": 1234567890123456789}}`, ['/metadata/tenant_id']],
    ['a number beyond a double', `{"metadata": {"a": 1e999}}`, ['/metadata/a']],
  ])('%s', async (_name, body, pointers) => {
    const problem = await expectProblem(await gateway.post('/v1/jobs', body), 400, 'bad_request');
    expect((problem.errors ?? []).map(({ pointer }) => pointer)).toEqual(pointers);
  });

  test('nesting without end', async () => {
    const problem = await expectProblem(await gateway.post('/v1/jobs', DEEP.slice(0, 900_000)), 400, 'bad_request');
    expect(problem.detail).toContain('not JSON');
    const closed = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const nested = await expectProblem(await gateway.post('/v1/jobs', closed), 400, 'bad_request');
    expect(nested.detail).toContain('64 levels');
  });

  test('bytes that are no UTF-8', async () => {
    const body = Buffer.concat([Buffer.from('{"provider": "'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const response = await gateway.fetch('/v1/jobs', { method: 'POST', body });
    expect((await expectProblem(response, 400, 'bad_request')).detail).toContain('UTF-8');
  });

  test('compressed', async () => {
    const { gzipSync } = await import('node:zlib');
    const body = gzipSync(JSON.stringify(OTHER));
    const response = await gateway.fetch('/v1/jobs', { method: 'POST', body, headers: { 'content-encoding': 'gzip' } });
    expect((await expectProblem(response, 400, 'bad_request')).detail).toContain('compressed');
  });

  test('says what was meant by an unknown member', async () => {
    const problem = await expectProblem(await gateway.post('/v1/jobs', { ...OTHER, Metadata: {} }), 400, 'bad_request');
    expect(problem.errors).toEqual([{ pointer: '/Metadata', detail: 'is unknown (did you mean "metadata"?)' }]);
  });

  test('reports twenty faults of a thousand', async () => {
    const endpoints = Array.from({ length: 1_000 }, () => ({ nam: 'x' }));
    const problem = await expectProblem(await gateway.post('/v1/jobs', { ...OTHER, endpoints }), 400, 'bad_request');
    expect(problem.errors).toHaveLength(20);
    expect(problem.errors?.[0]).toMatchObject({ pointer: '/endpoints/0' });
    expect(problem.errors?.[19]).toMatchObject({ pointer: '/endpoints/19' });
  });

  test.each<[string, string, unknown]>([
    ['heartbeat', 'without a body', undefined],
    ['heartbeat', 'without a deadline', {}],
    ['heartbeat', 'with an unknown member', { heartbeat_deadline_seconds: 1, deadline: 1 }],
    ['completion', 'that is no object', []],
    ['completion', 'with a state that is no text', { state: 1 }],
    ['redeliver', 'with an unknown member', { endpoints: ['a'] }],
    ['cancel', 'with a body', { reason: 'x' }],
    ['cancel', 'with a body that is no JSON', 'reason'],
  ])('%s %s', async (action, _name, body) => {
    await expectProblem(await gateway.post(`${JOB_PATH}/${action}`, body), 400, 'bad_request');
  });
});

describe('a body of the right shape with a value that cannot be used is 422', () => {
  test.each<[string, unknown, string]>([
    ['an unknown format', { ...OTHER, endpoints: [{ url: 'x', format: 'standart' }] }, '/endpoints/0/format'],
    ['an unknown event', { ...OTHER, endpoints: [{ name: 'x', events: ['job.done'] }] }, '/endpoints/0/events/0'],
    ['an empty job name', { ...OTHER, job: '' }, '/job'],
    ['no endpoint', { ...OTHER, endpoints: [] }, '/endpoints'],
    ['an endpoint without a name', { ...OTHER, endpoints: [''] }, '/endpoints/0'],
    ['a deadline in the past', { ...OTHER, heartbeat_deadline_seconds: -1 }, '/heartbeat_deadline_seconds'],
    ['an empty key', { ...OTHER, idempotency_key: '' }, '/idempotency_key'],
  ])('%s', async (_name, body, pointer) => {
    const problem = await expectProblem(await gateway.post('/v1/jobs', body), 422, 'unprocessable');
    expect((problem.errors ?? []).map((fault) => fault.pointer)).toEqual([pointer]);
  });

  test('says what was meant by an unknown word', async () => {
    const body = { ...OTHER, endpoints: [{ url: 'x', events: ['JOB_SUCCEEDED'] }] };
    const problem = await expectProblem(await gateway.post('/v1/jobs', body), 422, 'unprocessable');
    expect(problem.errors?.[0]?.detail).toContain('did you mean job.succeeded?');
  });

  test('is 400 when a shape is wrong behind many such values', async () => {
    const endpoints = [...Array.from({ length: 30 }, () => ''), { url: 7 }];
    const problem = await expectProblem(await gateway.post('/v1/jobs', { ...OTHER, endpoints }), 400, 'bad_request');
    expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(['/endpoints/30/url']);
  });

  test('says what to do about a rule that is broken', async () => {
    const body = { ...OTHER, job: '', endpoints: [], heartbeat_deadline_seconds: 0, idempotency_key: 'x'.repeat(2000) };
    const problem = await expectProblem(await gateway.post('/v1/jobs', body), 422, 'unprocessable');
    const details = Object.fromEntries((problem.errors ?? []).map(({ pointer, detail }) => [pointer, detail]));
    expect(details).toEqual({
      '/job': 'must not be empty',
      '/endpoints': 'must list at least one',
      '/heartbeat_deadline_seconds': 'must be more than 0',
      '/idempotency_key': expect.stringMatching(/^must have at most \d+ characters$/),
    });
  });

  test('is 400 when its shape is wrong too', async () => {
    const body = { ...OTHER, job: 7, endpoints: [] };
    const problem = await expectProblem(await gateway.post('/v1/jobs', body), 400, 'bad_request');
    expect(problem.errors).toEqual([{ pointer: '/job', detail: 'must be a JSON string, not number' }]);
  });
});

describe('a body that is too large is 413', () => {
  const large = JSON.stringify({ ...OTHER, metadata: { text: 'x'.repeat(1024 * 1024) } });

  test('with its length declared', async () => {
    await expectProblem(await gateway.post('/v1/jobs', large), 413, 'too_large');
  });

  test('and a client that sends all of it before it reads gets to see the answer', async () => {
    const length = 16 * 1024 * 1024;
    const head = `POST /v1/jobs HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-length: ${length}\r\n\r\n`;
    expect(await exchange(gateway.origin, head + ' '.repeat(length))).toMatch(/^HTTP\/1.1 413 /);
  });

  test('with more values than anybody submits', async () => {
    for (const metadata of [{ list: Array(20_001).fill(1) }, Object.fromEntries(Array(20_001).fill(1).entries())]) {
      await expectProblem(await gateway.post('/v1/jobs', { ...OTHER, metadata }), 413, 'too_large');
    }
  });

  test('in chunks', async () => {
    const body = new Blob([large]).stream();
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    await expectProblem(await gateway.fetch('/v1/jobs', init), 413, 'too_large');
  });

  test('and one of exactly 1 MiB is not', async () => {
    const padding = ' '.repeat(1024 * 1024 - JSON.stringify(OTHER).length);
    expect((await gateway.post('/v1/jobs', JSON.stringify(OTHER) + padding)).status).toBe(201);
    await expectProblem(await gateway.post('/v1/jobs', `${JSON.stringify(OTHER)}${padding} `), 413, 'too_large');
  });
});

describe('a path', () => {
  test.each([
    '/',
    '/v1',
    '/v1/jobs/',
    '/v1/endpoint/orders',
    '/v1/redelivery',
    '/v2/jobs',
    '/ingress/tencent-cmq/x',
    '/ingress/spec-002',
    `${JOB_PATH}/state`,
  ])('that is not there is 404: %s', async (path) => {
    await expectProblem(await gateway.fetch(path), 404, 'not_found');
    await expectProblem(await gateway.post(path, { a: 1 }), 404, 'not_found');
  });

  test('with an unencoded job name is 404 and says how to write it', async () => {
    const response = await gateway.fetch('/v1/jobs/vertex-ai/projects/p/locations/l/batchPredictionJobs/1');
    expect((await expectProblem(response, 404, 'not_found')).detail).toContain('percent-encode');
  });

  test.each(['/v1/jobs/vertex-ai/%zz', '/v1/jobs/vertex-ai/%', '/v1/jobs/vertex-ai/%C3%28', '/%', '/v1/jobs/a%2Fb%zz'])(
    'that is badly encoded is 400: %s',
    async (path) => {
      const { status, body, headers } = await rawRequest(gateway.origin, { path });
      expect(status).toBe(400);
      expect(JSON.parse(body)).toMatchObject({ code: 'bad_request' });
      expect(headers['x-request-id']).toBeDefined();
    },
  );

  test.each([
    ['DELETE', '/v1/jobs', 'GET, HEAD, POST'],
    ['PUT', JOB_PATH, 'GET, HEAD'],
    ['GET', `${JOB_PATH}/completion`, 'POST'],
    ['OPTIONS', '/v1/jobs', 'GET, HEAD, POST'],
    ['GET', '/ingress/pubsub', 'POST'],
    ['PROPFIND', '/healthz', 'GET, HEAD'],
  ])('that has other methods is 405 with Allow: %s %s', async (method, path, allow) => {
    const { status, headers, body } = await rawRequest(gateway.origin, { method, path });
    expect({ status, allow: headers['allow'] }).toEqual({ status: 405, allow });
    expect(JSON.parse(body)).toMatchObject({ code: 'method_not_allowed', status: 405 });
  });
});

describe('an error of the jobs', () => {
  test('is identified by its code', async () => {
    const faults = [{ pointer: '/endpoints/0', detail: 'no endpoint is called orders' }];
    gateway.jobs.failWith(new JobHeraldError('unprocessable', 'No endpoint is called orders.', { faults }));
    const problem = await expectProblem(await gateway.post('/v1/jobs', OTHER), 422, 'unprocessable');
    expect(problem).toMatchObject({ detail: 'No endpoint is called orders.', errors: faults });
  });

  test('is 503 with Retry-After while Temporal is away', async () => {
    gateway.jobs.failWith(new JobHeraldError('unavailable', 'Temporal cannot be reached.'));
    const response = await gateway.fetch(JOB_PATH);
    expect(response.headers.get('retry-after')).toBe('5');
    await expectProblem(response, 503, 'unavailable');
  });

  test('that nobody foresaw is 500, says nothing of itself, and is logged', async () => {
    gateway.jobs.failWith(new Error('password=hunter2'));
    const response = await gateway.fetch(JOB_PATH, { headers: { 'x-request-id': 'find-me' } });
    expect(JSON.stringify(await expectProblem(response, 500, 'internal'))).not.toContain('hunter2');
    const logged = await eventually('the log line', () =>
      gateway.log.find((line) => line['request_id'] === 'find-me' && line['err']),
    );
    expect(JSON.stringify(logged)).toContain('hunter2');
  });
});

test('a header Expect that nobody knows is nothing to refuse a request for', async () => {
  const answer = await rawRequest(gateway.origin, { path: JOB_PATH, headers: { expect: 'miracles' } });
  expect(answer.status).toBe(200);
});

describe('what is not an HTTP request', () => {
  test.each([
    ['no HTTP at all', 'HELO example.com\r\n\r\n', 400, 'bad_request'],
    [
      'headers beyond 16 KiB',
      `GET / HTTP/1.1\r\nhost: x\r\na: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
  ])('is answered as a problem: %s', async (_name, bytes, status, code) => {
    const answer = await exchange(gateway.origin, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ code, status });
  });
});

function exchange(origin: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
