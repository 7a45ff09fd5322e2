import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { createHttpTransport } from '../../src/client/http-transport';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import { closeGateways, JOB, SUBMISSION, startGateway } from '../gateway/harness';
import { freePort } from '../support/free-port';

const TOKEN = 'a-token-of-the-test';

afterEach(closeGateways);

describe('jobs over HTTP, at a real gateway', () => {
  const start = async (tokens: { name: string; token: string }[] = []) => {
    const gateway = await startGateway({ tokens });
    return { ...gateway, over: createHttpTransport({ url: gateway.origin, token: tokens[0]?.token }).jobs };
  };

  it('are submitted, and found when submitted again', async () => {
    const { over, jobs } = await start();
    const submission = { ...SUBMISSION, idempotency_key: 'k', metadata: { ü: ['\u2028'] }, labels: { a: 'b' } };
    const first = await over.submit(submission);
    const again = await over.submit(submission);
    expect([first.created, again.created]).toEqual([true, false]);
    expect(again.job).toEqual(first.job);
    expect(jobs.calls).toEqual([{ method: 'submit', submission }]);
  });

  it('bring the trace along that they belong to, where it is valid', async () => {
    const { over, jobs } = await start();
    const headers = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', tracestate: 'a=1,b=2' };
    await over.submit(SUBMISSION, headers);
    await over.submit({ ...SUBMISSION, job: `${JOB}0` }, { traceparent: 'none\r\nx: y', tracestate: 'a=1' });
    expect(jobs.calls).toEqual([
      { method: 'submit', submission: SUBMISSION, headers },
      { method: 'submit', submission: { ...SUBMISSION, job: `${JOB}0` } },
    ]);
  });

  it('are read, completed, kept alive, cancelled and redelivered by any name', async () => {
    const { over, jobs } = await start();
    for (const job of [JOB, 'a b/c?d=e#f%2Fg&h+i', 'ünïcode/☃', '..a', '%']) {
      jobs.calls.length = 0;
      await over.submit({ ...SUBMISSION, job });
      expect((await over.get('vertex-ai', job)).job).toBe(job);
      await over.complete('vertex-ai', job, { idempotency_key: 'k', state: 'COMPLETED' });
      await over.complete('vertex-ai', job);
      await over.heartbeat('vertex-ai', job, { heartbeat_deadline_seconds: 60 });
      await over.cancel('vertex-ai', job);
      await over.redeliver('vertex-ai', job, { endpoint: 'orders', event: 'job.failed' });
      await over.redeliver('vertex-ai', job);
      expect(jobs.calls.slice(1)).toEqual([
        { method: 'complete', provider: 'vertex-ai', job, completion: { idempotency_key: 'k', state: 'COMPLETED' } },
        { method: 'complete', provider: 'vertex-ai', job, completion: {} },
        { method: 'heartbeat', provider: 'vertex-ai', job, heartbeat: { heartbeat_deadline_seconds: 60 } },
        { method: 'cancel', provider: 'vertex-ai', job },
        { method: 'redeliver', provider: 'vertex-ai', job, request: { endpoint: 'orders', event: 'job.failed' } },
        { method: 'redeliver', provider: 'vertex-ai', job, request: {} },
      ]);
    }
  });

  it('are listed by a query that arrives as it was written', async () => {
    const { over, jobs } = await start();
    const options = { query: "JobState='A&B=C+D' OR (a='%')", limit: 7, cursor: 'x-_y' };
    expect(await over.list(options)).toEqual({ jobs: [], next_cursor: null });
    await over.list();
    expect(jobs.calls).toEqual([
      { method: 'list', options },
      { method: 'list', options: {} },
    ]);
  });

  it.each(['', '.', '..', '\ud800'])('refuse the name %j, which no path carries', async (job) => {
    const { over } = await start();
    await expect(over.get('vertex-ai', job)).rejects.toMatchObject({ name: 'JobHeraldError', code: 'bad_request' });
    await expect(over.cancel(job, 'j')).rejects.toMatchObject({ code: 'bad_request' });
  });

  it.each<JobHeraldError>([
    new JobHeraldError('conflict', 'another body'),
    new JobHeraldError('too_large', 'too much'),
    new JobHeraldError('unavailable', 'Temporal is away'),
    new JobHeraldError('unprocessable', 'two things', {
      faults: [
        { pointer: '/job', detail: 'no name' },
        { pointer: '/endpoints/0', detail: 'not there' },
      ],
    }),
  ])('are refused with what the gateway says: $code', async (error) => {
    const { over, jobs } = await start();
    jobs.failWith(error);
    const thrown = await over.submit({ ...SUBMISSION }).catch((reason: unknown) => reason);
    expect(thrown).toBeInstanceOf(JobHeraldError);
    expect(thrown).toMatchObject({
      code: error.code,
      message: error.message,
      faults: error.faults,
      status: error.status,
    });
  });

  it('are refused for a wrong body with every fault', async () => {
    const { over } = await start();
    const submission = { provider: 'vertex-ai', job: JOB, endpoints: 'orders', colour: 'red' } as never;
    await expect(over.submit(submission)).rejects.toMatchObject({
      code: 'bad_request',
      faults: expect.arrayContaining([
        expect.objectContaining({ pointer: '/endpoints' }),
        expect.objectContaining({ pointer: '/colour' }),
      ]),
    });
  });

  it('do not know a job that was never submitted', async () => {
    const { over } = await start();
    await expect(over.get('vertex-ai', JOB)).rejects.toMatchObject({ code: 'job_not_found', status: 404 });
  });

  it('show the token, and are refused without it', async () => {
    const { over, origin } = await start([{ name: 'ci', token: TOKEN }]);
    expect((await over.submit(SUBMISSION)).created).toBe(true);
    await expect(createHttpTransport({ url: origin }).jobs.list()).rejects.toMatchObject({
      code: 'unauthorized',
      status: 401,
    });
    await expect(createHttpTransport({ url: origin, token: 'x' }).jobs.list()).rejects.toMatchObject({
      code: 'unauthorized',
    });
  });

  it('take an error of the gateway itself for one that may pass', async () => {
    const { over, jobs } = await start();
    jobs.failWith(new Error('a bug'));
    await expect(over.list()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('x-request-id'),
    });
  });
});

describe('jobs over HTTP, where there is no gateway', () => {
  const stop: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const each of stop.splice(0)) await each();
  });
  const serve = async (answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> => {
    const server = createServer(answer);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    stop.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('are unavailable where nothing listens, and say why', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const error = await createHttpTransport({ url })
      .jobs.list()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'unavailable', status: 503, cause: { code: 'ECONNREFUSED' } });
    expect((error as Error).message).toContain(`cannot reach the gateway at ${url}: connect ECONNREFUSED`);
  });

  it('are unavailable where the connection breaks', async () => {
    const url = await serve((request) => request.socket.destroy());
    await expect(createHttpTransport({ url }).jobs.list()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('are waited for without end where somebody says so', async () => {
    const url = await serve((_, response) => void response.end('{"jobs":[],"next_cursor":null}'));
    const list = await createHttpTransport({ url, timeoutMs: Number.POSITIVE_INFINITY }).jobs.list();
    expect(list.jobs).toEqual([]);
  });

  it('are unavailable where no answer comes in time, or only its beginning', async () => {
    for (const url of [
      await serve(() => undefined),
      await serve((_, response) => void response.writeHead(200).write('{')),
    ]) {
      const error = await createHttpTransport({ url, timeoutMs: 100 })
        .jobs.list()
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('did not answer within 0.1 s'),
      });
    }
  });

  it.each([
    [401, 'unauthorized'],
    [404, 'not_found'],
    [413, 'too_large'],
    [418, 'bad_request'],
    [429, 'unavailable'],
    [502, 'unavailable'],
    [504, 'unavailable'],
  ])('tell what a proxy in front answers by its status: %d is %s', async (status, code) => {
    const url = await serve((_, response) => void response.writeHead(status).end('<html>'));
    await expect(createHttpTransport({ url }).jobs.list()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`HTTP ${status}`),
    });
  });

  it('follow no redirect, and send the token nowhere else', async () => {
    let others = 0;
    const other = await serve((_, response) => {
      others++;
      response.end('{}');
    });
    const url = await serve((_, response) => void response.writeHead(308, { location: `${other}/v1/jobs` }).end());
    const error = await createHttpTransport({ url, token: TOKEN })
      .jobs.submit(SUBMISSION)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'not_found', message: expect.stringContaining(`${other}/v1/jobs`) });
    expect(others).toBe(0);
  });

  it('do not take a page of HTML for an answer', async () => {
    const url = await serve((_, response) => void response.end('<html>Welcome</html>'));
    await expect(createHttpTransport({ url }).jobs.list()).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('check that the url'),
    });
  });

  it('take the interim answers that a proxy sends first', async () => {
    const proxy = createTcpServer((socket) => {
      const body = '{"jobs":[],"next_cursor":null}';
      const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';
      socket.on('error', () => undefined);
      socket.once('data', () =>
        socket.end(`${interim}HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`),
      );
    });
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
    stop.push(async () => void proxy.close());
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    expect(await createHttpTransport({ url }).jobs.list()).toEqual({ jobs: [], next_cursor: null });
  });

  it('go through the path that a proxy puts in front', async () => {
    const paths: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      paths.push(request.url);
      response.end('{"jobs":[],"next_cursor":null}');
    });
    await createHttpTransport({ url: `${url}/herald/` }).jobs.list({ limit: 1 });
    expect(paths).toEqual(['/herald/v1/jobs?limit=1']);
  });

  it('send nothing that is not JSON', async () => {
    const submission = { ...SUBMISSION, metadata: { big: 1n } };
    const url = await serve((_, response) => void response.end('{}'));
    await expect(createHttpTransport({ url }).jobs.submit(submission)).rejects.toMatchObject({ code: 'bad_request' });
  });

  it('call the fetch that was given', async () => {
    const urls: string[] = [];
    const fake: typeof fetch = async (url) => {
      urls.push(String(url));
      return Response.json({ jobs: [], next_cursor: null });
    };
    await createHttpTransport({ url: 'https://gateway.example', fetch: fake }).jobs.list();
    expect(urls).toEqual(['https://gateway.example/v1/jobs']);
  });

  it.each([
    ['is not a valid URL', 'gateway.example'],
    ['is of another scheme', 'ftp://gateway/'],
    ['holds a password', 'https://user:hunter2@gateway/'],
    ['has a query', 'https://gateway/?a=b'],
  ])('refuse a url that %s, without repeating it', (_, url) => {
    expect(() => createHttpTransport({ url })).toThrow(expect.objectContaining({ code: 'bad_request' }));
    expect(() => createHttpTransport({ url })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(url) }),
    );
  });

  it('refuse a token with a line end, without repeating it', () => {
    const token = 'secret\n';
    expect(() => createHttpTransport({ url: 'https://gateway/', token })).toThrow(
      expect.objectContaining({ code: 'bad_request', message: expect.not.stringContaining('secret') }),
    );
  });
});
