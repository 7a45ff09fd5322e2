import { eventually } from '../../support/eventually';
import { closeGateways, JOB, JOB_PATH, type RunningGateway, SUBMISSION, startGateway } from '../harness';

const SCOPES = ['submit', 'hint', 'read', 'operate'] as const;
const TOKENS = [
  ...SCOPES.map((scope) => ({ name: scope, token: `${scope}-token`, scopes: [scope] })),
  { name: 'orders-team', token: 'orders-token', endpoints: ['orders'] },
  { name: 'all', token: 'all-token' },
];

let gateway: RunningGateway;
beforeEach(async () => {
  gateway = await startGateway({ tokens: TOKENS });
});
afterEach(closeGateways);

const call = (token: string, method: string, path: string, body?: unknown) =>
  gateway.fetch(path, {
    method,
    headers: { authorization: `Bearer ${token}-token`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

describe('a token with a scope', () => {
  it.each([
    ['submit', 'POST', '/v1/jobs'],
    ['hint', 'POST', `${JOB_PATH}/completion`],
    ['hint', 'POST', `${JOB_PATH}/heartbeat`],
    ['hint', 'POST', `${JOB_PATH}/status`],
    ['hint', 'POST', '/ingress/spec-001'],
    ['read', 'GET', '/v1/jobs'],
    ['read', 'GET', JOB_PATH],
    ['read', 'HEAD', JOB_PATH],
    ['read', 'GET', '/v1/endpoints/orders'],
    ['read', 'GET', '/v1/redeliveries/x'],
    ['operate', 'POST', `${JOB_PATH}/cancel`],
    ['operate', 'POST', `${JOB_PATH}/redeliver`],
    ['operate', 'POST', '/v1/redeliveries'],
    ['operate', 'POST', '/v1/endpoints/orders/pause'],
    ['operate', 'POST', '/v1/endpoints/orders/resume'],
    ['operate', 'POST', '/v1/endpoints/orders/test'],
  ])('%s, and no other, may %s %s', async (scope, method, path) => {
    for (const each of SCOPES) {
      // The body is none of any of them: a missing scope is noticed before that.
      const response = await call(each, method, path, method === 'POST' ? '{not json' : undefined);
      if (each === scope) expect(response.status).not.toBe(403);
      else {
        expect(response.status).toBe(403);
        expect(response.headers.get('www-authenticate')).toContain(`scope="${scope}"`);
        if (method !== 'HEAD') {
          expect(await response.json()).toMatchObject({
            code: 'forbidden',
            detail: expect.stringContaining(`lacks the scope ${scope}`),
          });
        }
      }
    }
  });
});

describe('a token with endpoints', () => {
  const submit = (endpoints: unknown, more: object = {}) =>
    call('orders', 'POST', '/v1/jobs', { ...SUBMISSION, endpoints, ...more });

  it('may name those', async () => {
    expect((await submit(['orders'])).status).toBe(201);
    for (const action of ['pause', 'resume', 'test']) {
      expect((await call('orders', 'POST', `/v1/endpoints/orders/${action}`)).ok).toBe(true);
    }
    expect((await call('orders', 'POST', `${JOB_PATH}/redeliver`, { endpoint: 'orders' })).status).toBe(202);
  });

  it.each<[string, unknown]>([
    ['another', ['orders', 'audit']],
    ['another with events', [{ name: 'audit', events: ['job.failed'] }]],
    ['an inline one', [{ url: 'https://orders.example.com/' }]],
  ])('may not name %s in a submission', async (_, endpoints) => {
    const response = await submit(endpoints);
    expect([response.status, await response.json()]).toMatchObject([403, { code: 'forbidden' }]);
    expect(gateway.jobs.calls).toEqual([]);
  });

  it.each(['notifications', 'Notifications'])('may not name another in %s either', async (member) => {
    const one =
      member === 'notifications'
        ? { topic_name: 'audit', event_configs: [{ event_name: 'JOB_FAILED' }] }
        : { TopicName: 'audit', EventConfigs: [{ EventName: 'JOB_FAILED' }] };
    const { endpoints: _, ...rest } = SUBMISSION;
    const response = await call('orders', 'POST', '/v1/jobs', { ...rest, [member]: [one] });
    expect(response.status).toBe(403);
  });

  it('may do nothing with other endpoints, nor with all of a job at once', async () => {
    for (const [path, body] of [
      ['/v1/endpoints/audit/pause', undefined],
      [`${JOB_PATH}/redeliver`, { endpoint: 'audit' }],
      [`${JOB_PATH}/redeliver`, undefined],
      ['/v1/redeliveries', { since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' }],
    ] as const) {
      expect((await call('orders', 'POST', path, body)).status).toBe(403);
    }
    expect((await call('orders', 'GET', '/v1/endpoints/audit')).status).toBe(403);
  });
});

describe('the audit log', () => {
  const lines = () => gateway.log.filter(({ audit }) => audit === true);

  it('has a line for each call that changes something: who, what, of which job or endpoint, and how it went', async () => {
    await call('all', 'POST', '/v1/jobs', SUBMISSION);
    await call('all', 'GET', JOB_PATH);
    await call('all', 'POST', `${JOB_PATH}/completion`);
    await call('all', 'POST', `${JOB_PATH}/redeliver`, { endpoint: 'orders' });
    await call('all', 'POST', '/v1/endpoints/orders/pause');
    await call('read', 'POST', `${JOB_PATH}/cancel`);
    await call('nobody', 'POST', `${JOB_PATH}/cancel`);
    const job = `vertex-ai/${JOB}`;
    await eventually('all lines are there', () => lines().length >= 6);
    expect(lines()).toMatchObject([
      { token: 'all', verb: 'submit', job, outcome: 'accepted', status: 201 },
      { token: 'all', verb: 'complete', job, outcome: 'accepted' },
      { token: 'all', verb: 'redeliver', job, endpoint: 'orders', outcome: 'accepted' },
      { token: 'all', verb: 'pause', endpoint: 'orders', outcome: 'accepted' },
      { token: 'read', verb: 'cancel', job, outcome: 'forbidden', status: 403 },
      { verb: 'cancel', job, outcome: 'unauthorized', status: 401 },
    ]);
  });
});
