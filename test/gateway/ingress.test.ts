import { JobHeraldError } from '../../src/domain/jobherald-error';
import { eventually } from '../support/eventually';
import { closeGateways, JOB, type RunningGateway, SUBMISSION, startGateway } from './harness';

let gateway: RunningGateway;
beforeEach(async () => {
  gateway = await startGateway();
  await gateway.post('/v1/jobs', SUBMISSION);
  gateway.jobs.calls.length = 0;
});
afterEach(closeGateways);

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const wrapped = (data: unknown, messageId = '2070443601311540') => ({
  message: { data: base64(data), messageId, publishTime: '2026-01-02T04:00:02Z' },
  subscription: 'projects/p/subscriptions/s',
});

const AUDIT_ENTRY = {
  protoPayload: {
    '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
    serviceName: 'aiplatform.googleapis.com',
    methodName: 'google.cloud.aiplatform.v1.JobService.CancelBatchPredictionJob',
    resourceName: JOB,
  },
  insertId: 'abc',
  resource: { type: 'audited_resource', labels: { service: 'aiplatform.googleapis.com' } },
  logName: 'projects/p/logs/cloudaudit.googleapis.com%2Factivity',
};

const CE_PUBSUB = {
  'ce-id': 'event-1',
  'ce-source': '//pubsub.googleapis.com/projects/p/topics/t',
  'ce-specversion': '1.0',
  'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished',
};
const CE_AUDIT = { ...CE_PUBSUB, 'ce-type': 'google.cloud.audit.log.v1.written' };

describe('a hint becomes a completion of its job, with the key of its transport', () => {
  test.each<[string, string, unknown, Record<string, string>, object]>([
    [
      'a wrapped push',
      '/ingress/pubsub',
      wrapped({ job: JOB, state: 'SUCCEEDED', message: 'done' }),
      {},
      { idempotency_key: '2070443601311540', state: 'SUCCEEDED', message: 'done' },
    ],
    ['a wrapped log entry', '/ingress/pubsub', wrapped(AUDIT_ENTRY), {}, { idempotency_key: '2070443601311540' }],
    [
      'an unwrapped push with metadata',
      '/ingress/pubsub',
      { job: JOB },
      { 'x-goog-pubsub-message-id': '77' },
      { idempotency_key: '77' },
    ],
    ['an unwrapped log entry', '/ingress/pubsub', AUDIT_ENTRY, {}, { idempotency_key: 'abc' }],
    [
      'a push labelled text/plain',
      '/ingress/pubsub',
      wrapped({ job: JOB }),
      { 'content-type': 'text/plain' },
      { idempotency_key: '2070443601311540' },
    ],
    [
      'a binary CloudEvent of Pub/Sub',
      '/ingress/eventarc',
      wrapped({ job: JOB }),
      CE_PUBSUB,
      { idempotency_key: 'event-1' },
    ],
    ['a binary CloudEvent of an audit log', '/ingress/eventarc', AUDIT_ENTRY, CE_AUDIT, { idempotency_key: 'event-1' }],
    [
      'a structured CloudEvent',
      '/ingress/eventarc',
      { specversion: '1.0', id: 'event-2', source: '//x', type: CE_AUDIT['ce-type'], data: AUDIT_ENTRY },
      { 'content-type': 'application/cloudevents+json; charset=utf-8' },
      { idempotency_key: 'event-2' },
    ],
  ])('%s', async (_name, path, body, headers, completion) => {
    const response = await gateway.post(path, body, headers);
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
    expect(gateway.jobs.calls).toMatchObject([{ method: 'complete', provider: 'vertex-ai', job: JOB, completion }]);
    await expectCounted('accepted');
  });

  test('under the canonical name of the job', async () => {
    const mapped = await startGateway({ projects: { 'my-project': '123' } });
    await mapped.post('/v1/jobs', SUBMISSION);
    const job = JOB.replace('123', 'my-project');
    expect((await mapped.post('/ingress/pubsub', wrapped({ job }))).status).toBe(204);
    expect(mapped.jobs.calls).toMatchObject([{ method: 'submit' }, { method: 'complete', job: JOB }]);
  });
});

describe('what would be of no more use if it came again is acknowledged, and does nothing', () => {
  test.each<[string, string, string, unknown, Record<string, string>]>([
    ['dead_letter', 'no JSON', '/ingress/pubsub', 'no json', {}],
    ['dead_letter', 'an empty body', '/ingress/pubsub', undefined, {}],
    ['dead_letter', 'a message without a job', '/ingress/pubsub', wrapped({ hello: 'world' }), {}],
    ['dead_letter', 'a name that is no job', '/ingress/pubsub', wrapped({ job: 'projects/p' }), {}],
    ['dead_letter', 'no CloudEvent', '/ingress/eventarc', { job: JOB }, {}],
    ['dead_letter', 'a CloudEvent that is no JSON', '/ingress/eventarc', 'no json', CE_AUDIT],
    [
      'ignored',
      'a log entry of another service',
      '/ingress/pubsub',
      wrapped({ ...AUDIT_ENTRY, protoPayload: { ...AUDIT_ENTRY.protoPayload, serviceName: 'storage.googleapis.com' } }),
      {},
    ],
    ['ignored', 'a CloudEvent of another type', '/ingress/eventarc', {}, { ...CE_PUBSUB, 'ce-type': 'x' }],
    ['unknown_job', 'a job that nobody submitted', '/ingress/pubsub', wrapped({ job: JOB.replace('456', '457') }), {}],
  ])('%s: %s', async (result, _name, path, body, headers) => {
    expect((await gateway.post(path, body, headers)).status).toBe(204);
    expect(gateway.jobs.calls).toEqual([]);
    await expectCounted(result);
  });

  test('dead_letter: a body over 1 MiB, as large as Pub/Sub lets through', async () => {
    const large = wrapped({ job: JOB, padding: 'x'.repeat(10_000_000) });
    expect((await gateway.post('/ingress/pubsub', large)).status).toBe(204);
    expect(gateway.jobs.calls).toEqual([]);
    await expectCounted('dead_letter');
  });

  test('operators are notified of a dead letter', async () => {
    await gateway.post('/ingress/pubsub', wrapped({ hello: 'world' }));
    const notice = await eventually('the notice', () => gateway.told[0]);
    expect(notice).toMatchObject({
      type: 'hint.dead_letter',
      data: { provider: 'vertex-ai', transport: 'pubsub', reason: expect.any(String) },
    });
  });

  test('a dead letter is logged with its reason and without its body', async () => {
    await gateway.post('/ingress/pubsub', wrapped({ secret: 'hunter2' }));
    const line = await eventually('the log line', () => gateway.log.find(({ msg }) => msg === 'hint dead letter'));
    expect(line['reason']).toContain('neither "job" nor "name"');
    expect(JSON.stringify(gateway.log)).not.toContain('hunter2');
  });

  test.each(['unprocessable', 'bad_request', 'too_large'] as const)(
    'a hint that the jobs refuse as %s is a dead letter',
    async (code) => {
      gateway.jobs.failWith(new JobHeraldError(code, 'refused'));
      expect((await gateway.post('/ingress/pubsub', wrapped({ job: JOB }))).status).toBe(204);
      await expectCounted('dead_letter');
    },
  );
});

describe('what may pass is refused, so that the sender sends it again', () => {
  test('with 503 while Temporal is away', async () => {
    gateway.jobs.failWith(new JobHeraldError('unavailable', 'Temporal cannot be reached.'));
    for (const [path, headers] of [
      ['/ingress/pubsub', {}],
      ['/ingress/eventarc', CE_PUBSUB],
    ] as const) {
      const response = await gateway.post(path, wrapped({ job: JOB }), headers);
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('5');
    }
    gateway.jobs.failWith(undefined);
    expect((await gateway.post('/ingress/pubsub', wrapped({ job: JOB }))).status).toBe(204);
    expect(gateway.jobs.calls).toHaveLength(1);
  });

  test('with 500 for what nobody foresaw', async () => {
    gateway.jobs.failWith(new Error('surprise'));
    expect((await gateway.post('/ingress/pubsub', wrapped({ job: JOB }))).status).toBe(500);
    await expectCounted('unavailable');
  });
});

async function expectCounted(result: string): Promise<void> {
  const metrics = await (await gateway.fetch('/metrics')).text();
  const counted = metrics.split('\n').filter((line) => line.startsWith('jobherald_hints_total{'));
  expect(counted).toEqual([expect.stringMatching(new RegExp(`provider="vertex-ai",.*result="${result}"} 1$`))]);
}
