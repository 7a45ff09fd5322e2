import { CMQ_FORMS, type CmqPush, pushCmq } from '../../../src/dev/emulators/tencent-batch/cmq-push';
import { JobHeraldError } from '../../../src/domain/jobherald-error';
import { closeGateways, type RunningGateway, startGateway } from '../../gateway/harness';
import { eventually } from '../../support/eventually';
import {
  base64,
  batchEvent,
  COMPUTE_NODE_CREATED,
  envelope,
  JOB,
  JOB_FAILED,
  JOB_SUCCEED,
  published,
  TASK_INSTANCE_RUNNING,
} from './events';

const TOKEN = 'kV3q-not-in-any-log-9fXz';
const PATH = `/ingress/tencent-cmq/${TOKEN}`;

let gateway: RunningGateway;
beforeEach(async () => {
  gateway = await startGateway({ callbackToken: TOKEN });
  await gateway.post('/v1/jobs', { provider: 'tencent-batch', job: JOB, endpoints: ['orders'] });
  gateway.jobs.calls.length = 0;
});
afterEach(closeGateways);

const push = (what: CmqPush) => pushCmq(gateway.origin + PATH, what);

describe('a job event is a hint about its job', () => {
  test.each(CMQ_FORMS)('in the %s form', async (form) => {
    expect(await push({ events: [JOB_SUCCEED], form, messageId: '77' })).toBe(204);
    expect(gateway.jobs.calls).toMatchObject([
      {
        method: 'complete',
        provider: 'tencent-batch',
        job: JOB,
        completion: { idempotency_key: expect.stringMatching(/^77\/0\//), state: 'SUCCEED' },
      },
    ]);
    await expectCounted({ accepted: 1 });
  });

  test.each([
    ['application/json', { 'content-type': 'application/json' }],
    ['a content type that is none', { 'content-type': 'x' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ])('labelled %s', async (_label, headers) => {
    expect((await gateway.post(PATH, envelope(published(JOB_SUCCEED)), headers)).status).toBe(204);
    expect(gateway.jobs.calls).toHaveLength(1);
  });

  test('with no label at all', async () => {
    const body = new Blob([envelope(published(JOB_SUCCEED))]).stream();
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    expect((await gateway.fetch(PATH, init)).status).toBe(204);
    expect(gateway.jobs.calls).toHaveLength(1);
  });
});

test('events of tasks are passed on to their job, those of machines to every subscribed endpoint, in their order', async () => {
  const events = [TASK_INSTANCE_RUNNING, COMPUTE_NODE_CREATED, batchEvent('TASK_FAILED', { JobId: JOB })];
  expect(await push({ events, messageId: '77' })).toBe(204);
  expect(gateway.inbox.calls).toEqual([
    {
      method: 'passOn',
      args: ['tencent-batch', JOB, expect.objectContaining({ type: 'task_instance.running', message: events[0] })],
    },
    {
      method: 'passOnWithoutJob',
      args: [
        'tencent-batch',
        expect.objectContaining({
          type: 'compute_node.created',
          message: events[1],
          workflow_id: expect.stringMatching(/^tencent-batch\/event\/[0-9a-f]{64}$/),
        }),
      ],
    },
    { method: 'passOn', args: ['tencent-batch', JOB, expect.objectContaining({ type: 'task.failed' })] },
  ]);
  await expectCounted({ accepted: 3 });
});

describe('the path is the secret', () => {
  test.each([
    ['another token', `${PATH}x`],
    ['the token in another case', PATH.toUpperCase().replace('/INGRESS/TENCENT-CMQ', '/ingress/tencent-cmq')],
    ['a prefix of the token', PATH.slice(0, -1)],
    ['an empty token', '/ingress/tencent-cmq/'],
    ['no token', '/ingress/tencent-cmq'],
    ['more after the token', `${PATH}/more`],
  ])('%s is 404, and has no effect', async (_what, path) => {
    const nowhere = await gateway.post('/nowhere', {});
    const response = await gateway.post(path, envelope(published(JOB_SUCCEED)));
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual(await nowhere.json());
    expect(gateway.jobs.calls).toEqual([]);
    await expectCounted({});
  });

  test('without one there is no route', async () => {
    const without = await startGateway();
    for (const path of ['/ingress/tencent-cmq/', '/ingress/tencent-cmq/x', PATH]) {
      expect((await without.post(path, envelope(published(JOB_SUCCEED)))).status).toBe(404);
    }
    expect(without.gateway.routes.some(({ path }) => path.includes('tencent'))).toBe(false);
  });

  test('it asks for no Bearer token', async () => {
    const guarded = await startGateway({ callbackToken: TOKEN, tokens: [{ name: 'ci', token: 'a-bearer-token' }] });
    expect(await pushCmq(guarded.origin + PATH, { events: [COMPUTE_NODE_CREATED] })).toBe(204);
  });

  test('it stands in no log line, notice or metric, whatever happens', async () => {
    const operations = [
      () => push({ events: [JOB_SUCCEED, TASK_INSTANCE_RUNNING, COMPUTE_NODE_CREATED] }),
      () => push({ message: 'hello' }),
      () => gateway.fetch(PATH),
      () => gateway.fetch(`${PATH}?x=%zz`, { method: 'PUT' }),
      () => gateway.post(`${PATH}/more`, {}),
      () => gateway.post(`${PATH}%zz`, {}),
      () => gateway.post(`${PATH}x`, {}),
    ];
    for (const operation of operations) await operation();
    for (const error of [new JobHeraldError('unavailable', 'away'), new Error('surprise')]) {
      gateway.jobs.failWith(error);
      gateway.inbox.failWith(error);
      await push({ events: [JOB_SUCCEED] });
      await push({ events: [TASK_INSTANCE_RUNNING] });
    }
    await eventually(
      'every request in the log',
      () => gateway.log.filter(({ msg }) => msg === 'request').length > operations.length,
    );
    const metrics = await (await gateway.fetch('/metrics')).text();
    expect(metrics).toContain('route="/ingress/tencent-cmq/:callback_token"');
    for (const text of [JSON.stringify(gateway.log), JSON.stringify(gateway.told), metrics]) {
      expect(text).not.toContain(TOKEN);
    }
  });
});

describe('what would be of no more use if it came again is acknowledged, and does nothing', () => {
  test.each<[string, string, string]>([
    ['dead_letter', 'an empty body', ''],
    ['dead_letter', 'no JSON', 'hello'],
    ['dead_letter', "somebody else's message", envelope('test message')],
    ['dead_letter', 'a job event without a JobId', published(batchEvent('JOB_FAILED', {}))],
    ['dead_letter', 'an unknown name', base64(published(batchEvent('JobFailed', { JobId: JOB })))],
    [
      'dead_letter',
      'an event that nothing can store',
      `{"Events":[{"EventName":"COMPUTE_NODE_CREATED","x":"\\ud800"}]}`,
    ],
    [
      'dead_letter',
      'an event with numbers that no double holds',
      `{"Events":[{"EventName":"COMPUTE_NODE_CREATED","x":1e999}]}`,
    ],
    ['unknown_job', 'a job that nobody submitted', published(batchEvent('JOB_FAILED', { JobId: 'job-00000001' }))],
  ])('%s: %s', async (result, _what, body) => {
    expect((await gateway.post(PATH, body, { 'content-type': 'text/plain' })).status).toBe(204);
    expect([...gateway.jobs.calls, ...gateway.inbox.calls]).toEqual([]);
    await expectCounted({ [result]: 1 });
  });

  test('unknown_job: a task of a job that nobody submitted', async () => {
    gateway.inbox.unknown.add(JOB);
    expect(await push({ events: [TASK_INSTANCE_RUNNING] })).toBe(204);
    await expectCounted({ unknown_job: 1 });
  });

  test('dead_letter: a body over 1 MiB', async () => {
    expect(await push({ events: [{ ...JOB_SUCCEED, padding: 'x'.repeat(1_100_000) }] })).toBe(204);
    await expectCounted({ dead_letter: 1 });
  });

  test('one event of no use does not hold up the others', async () => {
    expect(await push({ events: [{}, JOB_FAILED, {}] })).toBe(204);
    expect(gateway.jobs.calls).toHaveLength(1);
    await expectCounted({ accepted: 1, dead_letter: 2 });
    const notices = await eventually('both notices', () => gateway.told.length === 2 && gateway.told);
    expect(new Set(notices.map(({ distinguishers }) => String(distinguishers))).size).toBe(2);
    expect(notices[0]).toMatchObject({ type: 'hint.dead_letter', data: { transport: 'tencent_cmq' } });
  });
});

describe('what may pass is refused, so that CMQ sends the message again', () => {
  test('with 503 while Temporal is away, and what came before is done again under the same keys', async () => {
    const events = [JOB_SUCCEED, TASK_INSTANCE_RUNNING, JOB_FAILED];
    gateway.inbox.failWith(new JobHeraldError('unavailable', 'Temporal cannot be reached.'));
    expect(await push({ events, messageId: '77' })).toBe(503);
    gateway.inbox.failWith(undefined);
    expect(await push({ events, messageId: '77' })).toBe(204);
    const keys = gateway.jobs.calls.map((call) => ('completion' in call ? call.completion?.idempotency_key : ''));
    expect(keys).toHaveLength(3);
    expect(keys[1]).toBe(keys[0]);
  });

  test('with 500 for what nobody foresaw', async () => {
    gateway.inbox.failWith(new Error('surprise'));
    expect(await push({ events: [COMPUTE_NODE_CREATED] })).toBe(500);
    await expectCounted({ unavailable: 1 });
  });
});

async function expectCounted(expected: Readonly<Record<string, number>>): Promise<void> {
  const metrics = await (await gateway.fetch('/metrics')).text();
  const counted = [...metrics.matchAll(/^jobherald_hints_total\{provider="tencent-batch",.*result="(\w+)"} (\d+)$/gm)];
  expect(Object.fromEntries(counted.map(([, result, count]) => [result, Number(count)]))).toEqual(expected);
}
