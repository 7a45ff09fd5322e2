import { closeGateways, JOB, JOB_PATH, type RunningGateway, SUBMISSION, startGateway } from '../harness';

let gateway: RunningGateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(closeGateways);

describe('POST /v1/jobs', () => {
  test('answers 201 with the job and where it is', async () => {
    const response = await gateway.post('/v1/jobs', SUBMISSION);
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe(JOB_PATH);
    expect(await response.json()).toMatchObject({ provider: 'vertex-ai', job: JOB, workflow_id: `vertex-ai/${JOB}` });
  });

  test('answers 200 to the same submission again, also with another key', async () => {
    await gateway.post('/v1/jobs', { ...SUBMISSION, idempotency_key: 'first' });
    const again = await gateway.post('/v1/jobs', { ...SUBMISSION, idempotency_key: 'second' });
    expect(again.status).toBe(200);
    expect(again.headers.get('location')).toBe(JOB_PATH);
    expect(await again.json()).toMatchObject({ idempotency_key: 'first' });
  });

  test('answers 409 to the same job with another body', async () => {
    await gateway.post('/v1/jobs', SUBMISSION);
    const response = await gateway.post('/v1/jobs', { ...SUBMISSION, labels: { team: 'b' } });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: 'conflict', status: 409 });
  });

  test.each([
    ['no content type', undefined],
    ['that of curl -d', 'application/x-www-form-urlencoded'],
    ['text/plain', 'text/plain; charset=utf-8'],
    ['one that is no media type', 'json'],
    ['an empty one', ''],
  ])('reads JSON whatever its content type: %s', async (_name, contentType) => {
    const body = new TextEncoder().encode(JSON.stringify(SUBMISSION));
    const headers: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType };
    const response = await gateway.fetch('/v1/jobs', { method: 'POST', body, headers });
    expect(response.status).toBe(201);
  });

  test('reads a body with a byte order mark', async () => {
    expect((await gateway.post('/v1/jobs', `\uFEFF${JSON.stringify(SUBMISSION)}`)).status).toBe(201);
  });
});

describe('the Idempotency-Key header', () => {
  test('is the idempotency_key of a submission, a completion and a heartbeat', async () => {
    const key = { 'idempotency-key': 'k-1' };
    await gateway.post('/v1/jobs', SUBMISSION, key);
    await gateway.post(`${JOB_PATH}/completion`, undefined, key);
    await gateway.post(`${JOB_PATH}/heartbeat`, { heartbeat_deadline_seconds: 60 }, key);
    expect(gateway.jobs.calls).toEqual([
      { method: 'submit', submission: { ...SUBMISSION, idempotency_key: 'k-1' } },
      { method: 'complete', provider: 'vertex-ai', job: JOB, completion: { idempotency_key: 'k-1' } },
      {
        method: 'heartbeat',
        provider: 'vertex-ai',
        job: JOB,
        heartbeat: { heartbeat_deadline_seconds: 60, idempotency_key: 'k-1' },
      },
    ]);
  });

  test('may repeat the key of the body', async () => {
    const response = await gateway.post(
      '/v1/jobs',
      { ...SUBMISSION, idempotency_key: 'k' },
      { 'idempotency-key': 'k' },
    );
    expect(response.status).toBe(201);
  });

  test('is refused where it holds bytes that are not ASCII: the same key in the body would be another', async () => {
    const response = await gateway.post('/v1/jobs', SUBMISSION, {
      'idempotency-key': Buffer.from('grüße').toString('latin1'),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'bad_request', detail: expect.stringContaining('not ASCII') });
    expect(gateway.jobs.calls).toEqual([]);
  });

  test('is refused when it differs from the key of the body', async () => {
    const response = await gateway.post(
      '/v1/jobs',
      { ...SUBMISSION, idempotency_key: 'a' },
      { 'idempotency-key': 'b' },
    );
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'bad_request', errors: [{ pointer: '/idempotency_key' }] });
    expect(gateway.jobs.calls).toEqual([]);
  });
});

describe('GET /v1/jobs', () => {
  test('passes query, limit and cursor on', async () => {
    const response = await gateway.fetch("/v1/jobs?query=DeliveryState%3D'exhausted'&limit=5&cursor=abc");
    expect(await response.json()).toEqual({ jobs: [], next_cursor: null });
    expect(gateway.jobs.calls).toEqual([
      { method: 'list', options: { query: "DeliveryState='exhausted'", limit: 5, cursor: 'abc' } },
    ]);
  });

  test.each(['limit=0', 'limit=1001', 'limit=ten', 'limit=', 'limit=1&limit=2', 'limit=1e2', 'limit=-1'])(
    'refuses %s',
    async (query) => {
      const response = await gateway.fetch(`/v1/jobs?${query}`);
      expect(response.status).toBe(400);
      expect(((await response.json()) as { detail: string }).detail).toContain('limit');
    },
  );

  test('refuses a misspelt parameter and says which was meant', async () => {
    const response = await gateway.fetch('/v1/jobs?qeury=x');
    expect(response.status).toBe(400);
    expect(((await response.json()) as { detail: string }).detail).toContain('did you mean "query"?');
  });
});

describe('a job in a path', () => {
  beforeEach(() => gateway.post('/v1/jobs', SUBMISSION));

  test('is read with what is to be included, which is nothing but notices', async () => {
    expect((await gateway.fetch(`${JOB_PATH}?include=notices`)).status).toBe(200);
    expect((await gateway.fetch(`${JOB_PATH}?include=everything`)).status).toBe(400);
  });

  test('is decoded once', async () => {
    const job = 'a%2Fb/c d?é#';
    await gateway.post('/v1/jobs', { ...SUBMISSION, job });
    const response = await gateway.fetch(`/v1/jobs/vertex-ai/${encodeURIComponent(job)}`);
    expect(await response.json()).toMatchObject({ job });
  });

  test('may be longer than any job name is', async () => {
    const job = `projects/${'p'.repeat(4_000)}`;
    await gateway.post('/v1/jobs', { ...SUBMISSION, job });
    expect((await gateway.fetch(`/v1/jobs/vertex-ai/${encodeURIComponent(job)}`)).status).toBe(200);
  });

  test.each([
    ['GET', ''],
    ['POST', '/completion'],
    ['POST', '/cancel'],
    ['POST', '/redeliver'],
  ])('that is unknown is 404: %s …%s', async (method, suffix) => {
    const response = await gateway.fetch(`/v1/jobs/vertex-ai/unknown${suffix}`, { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'job_not_found' });
  });

  test('answers HEAD like GET, without a body', async () => {
    const response = await gateway.fetch(JOB_PATH, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.text()).toBe('');
  });
});

describe('what is accepted for a job', () => {
  beforeEach(async () => {
    await gateway.post('/v1/jobs', SUBMISSION);
    gateway.jobs.calls.length = 0;
  });

  test.each([
    [
      'completion',
      { state: 'SUCCEEDED', message: 'done' },
      { method: 'complete', completion: { state: 'SUCCEEDED', message: 'done' } },
    ],
    ['completion', undefined, { method: 'complete', completion: {} }],
    ['completion', null, { method: 'complete', completion: {} }],
    ['completion', { more: 1 }, { method: 'complete', completion: { more: 1 } }],
    [
      'heartbeat',
      { heartbeat_deadline_seconds: 1.5 },
      { method: 'heartbeat', heartbeat: { heartbeat_deadline_seconds: 1.5 } },
    ],
    [
      'status',
      { notification_type: 'STATUS', status: 'RUNNING', message: 'at it' },
      { method: 'report', data: { notification_type: 'STATUS', status: 'RUNNING', message: 'at it' } },
    ],
    ['cancel', undefined, { method: 'cancel' }],
    ['redeliver', undefined, { method: 'redeliver', request: {} }],
    [
      'redeliver',
      { endpoint: 'orders', event: 'job.succeeded' },
      { method: 'redeliver', request: { endpoint: 'orders', event: 'job.succeeded' } },
    ],
  ])('answers 202 to %s %j', async (action, body, call) => {
    const response = await gateway.post(`${JOB_PATH}/${action}`, body);
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ accepted: true });
    expect(gateway.jobs.calls).toEqual([{ provider: 'vertex-ai', job: JOB, ...call }]);
  });

  test.each(['redeliver', 'retry'])('answers 400 to %s null, which is not nothing', async (action) => {
    expect((await gateway.post(`${JOB_PATH}/${action}`, null)).status).toBe(400);
    expect(gateway.jobs.calls).toEqual([]);
  });

  test.each([
    [{ notification_type: 'STATUS', status: 'DONE' }, '/status'],
    [{ notification_type: 'HEARTBEAT', heartbeat_deadline_seconds: 5 }, '/notification_type'],
    [{ status: 'RUNNING' }, '/notification_type'],
    [[], ''],
  ])('answers 422 to the status %j and names the path', async (body, pointer) => {
    const response = await gateway.post(`${JOB_PATH}/status`, body);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'unprocessable', errors: [{ pointer }] });
    expect(gateway.jobs.calls).toEqual([]);
  });
});
