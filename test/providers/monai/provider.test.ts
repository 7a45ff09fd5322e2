import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ArgoEmulator, startArgoEmulator } from '../../../src/dev/emulators/argo/emulator';
import { createArgoPlugin } from '../../../src/providers/monai/argo/plugin';
import { createMonaiProvider } from '../../../src/providers/monai/provider';
import type { Provider } from '../../../src/providers/provider';
import { freePort } from '../../support/free-port';
import { testConfig } from '../../support/test-config';
import { listedPages } from '../listed-pages';

const succeeded = JSON.parse(readFileSync(join(__dirname, '../../fixtures/monai/workflow-succeeded.json'), 'utf8'));
const TASK = '5c8f5e0e-54a4-4a86-9f43-bb1a8e1f7f02';
const WORKFLOW = 'md-lung-seg-7xk2p';
const CONTEXT = { origin: { type: 'argo' }, identity: WORKFLOW };
const NEVER = new AbortController().signal;
const TOKEN = 'argo-token-of-the-configuration';

let argo: ArgoEmulator;
const warnings: string[] = [];
const providers: Provider[] = [];
beforeAll(async () => {
  argo = await startArgoEmulator({ token: TOKEN });
});
afterEach(() => argo.failWith(undefined));
afterAll(async () => {
  await Promise.all(providers.map((provider) => provider.close()));
  await argo.close();
});

function monai(given: { url?: string; token?: string; release?: 'none' | 'terminate' | 'delete' } = {}): Provider {
  const config = testConfig({}).providers.monai;
  const provider = createMonaiProvider(
    { ...config, argo: { ...config.argo, url: argo.url, token: TOKEN, ...given } },
    { warn: (message) => warnings.push(message), deadlineMs: 2_000 },
  );
  providers.push(provider);
  return provider;
}
const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'answered',
    (error) => error.code,
  );

test("a workflow that has succeeded: state, times, outputs once each without logs, and stats under MONAI's names", async () => {
  argo.set(WORKFLOW, succeeded.status);
  expect(await monai().getJobStatus(TASK, NEVER, CONTEXT)).toEqual({
    state: 'COMPLETED',
    provider_state: 'Succeeded',
    reason: null,
    message: null,
    error: null,
    artifacts: [
      { uri: 's3://monaideploy/payload/workflows/seg', type: 'S3' },
      { uri: 's3://reports/r.pdf', type: 'S3' },
    ],
    progress: null,
    started_at: '2026-01-02T03:05:00Z',
    ended_at: '2026-01-02T03:15:30Z',
    native: {
      stats: {
        startedAt: '2026-01-02T03:05:00Z',
        finishedAt: '2026-01-02T03:15:30Z',
        duration: '630000',
        'resourceDuration.cpu': '12',
        'resourceDuration.memory': '340',
      },
    },
  });
});

test.each([
  [undefined, 'PENDING'],
  ['Pending', 'PENDING'],
  ['Running', 'RUNNING'],
  ['Failed', 'FAILED'],
  ['Error', 'FAILED'],
  ['Skipped', 'RUNNING'],
])('phase %s is %s', async (phase, state) => {
  argo.set(WORKFLOW, { ...(phase && { phase }), message: 'as Argo says' });
  const status = await monai().getJobStatus(TASK, NEVER, CONTEXT);
  expect(status).toMatchObject({ state, message: 'as Argo says' });
  expect(status.error).toEqual(state === 'FAILED' ? { code: phase, message: 'as Argo says' } : null);
  if (phase === 'Skipped') expect(warnings).toContain('unknown Argo phase Skipped: treated as RUNNING');
});

test.each([
  [{ status: 404 }, 'not_found'],
  [{ status: 401 }, 'permission_denied'],
  [{ status: 403 }, 'permission_denied'],
  [{ status: 500 }, 'unavailable'],
  [{ status: 503 }, 'unavailable'],
  [{ status: 429 }, 'unavailable'],
  [{ status: 302 }, 'unreadable'],
  [{ status: 200, body: '<html>' }, 'unreadable'],
  [{ status: 200, body: '[]' }, 'unreadable'],
  [{ status: 200, body: '{"hello":1}' }, 'unreadable'],
  [{ status: 200, body: '{"metadata":{},"status":{"phase":7}}' }, 'unreadable'],
])('the answer %p is %s', async (answer, code) => {
  argo.failWith(answer);
  expect(await codeOf(monai().getJobStatus(TASK, NEVER, CONTEXT))).toBe(code);
});

test('an unreachable server is unavailable; no url, an unknown type and no identity have codes of their own', async () => {
  const away = monai({ url: `http://127.0.0.1:${await freePort()}` });
  expect(await codeOf(away.getJobStatus(TASK, NEVER, CONTEXT))).toBe('unavailable');
  expect(await codeOf(monai({ url: '' }).getJobStatus(TASK, NEVER, CONTEXT))).toBe('unsupported');
  const other = { ...CONTEXT, origin: { type: 'docker' } };
  expect(await codeOf(monai().getJobStatus(TASK, NEVER, other))).toBe('unsupported');
  expect(await codeOf(monai().getJobStatus(TASK, NEVER, { ...CONTEXT, identity: null }))).toBe('unavailable');
});

test('a wrong token is permission_denied, and is not in the message', async () => {
  const asked = monai({ token: 'another-token-entirely' }).getJobStatus(TASK, NEVER, CONTEXT);
  await expect(asked).rejects.toMatchObject({
    code: 'permission_denied',
    message: expect.stringContaining('argo.token'),
  });
  await expect(asked).rejects.not.toMatchObject({ message: expect.stringContaining('another-token') });
});

test.each([
  ['none', []],
  ['terminate', [`PUT ${WORKFLOW}/terminate`]],
  ['delete', [`DELETE ${WORKFLOW}`]],
] as const)('release %s calls %p', async (release, calls) => {
  argo.set(WORKFLOW, { phase: 'Running' });
  const before = argo.requests.length;
  const provider = monai({ release });
  expect(provider.rules?.release).toBe(release !== 'none');
  await provider.release?.(TASK, NEVER, CONTEXT);
  expect(argo.requests.slice(before)).toEqual(calls);
});

test('terminating a workflow twice, or one that has ended, is not a failure; deleting twice is not_found', async () => {
  argo.set(WORKFLOW, { phase: 'Running' });
  const terminating = monai({ release: 'terminate' });
  await terminating.cancelJob?.(TASK, NEVER, CONTEXT);
  await terminating.release?.(TASK, NEVER, CONTEXT);
  expect(await terminating.getJobStatus(TASK, NEVER, CONTEXT)).toMatchObject({ state: 'FAILED' });
  const deleting = monai({ release: 'delete' });
  await deleting.release?.(TASK, NEVER, CONTEXT);
  expect(await codeOf(deleting.release?.(TASK, NEVER, CONTEXT) as Promise<void>)).toBe('not_found');
});

test('a job is named by its execution id', async () => {
  expect(monai().canonicalJobName(TASK)).toBe(TASK);
  for (const name of ['', 'a b', 'a\u0000', 'x'.repeat(241)]) expect(() => monai().canonicalJobName(name)).toThrow();
  expect(monai().rules).toMatchObject({ truth: 'provider', ask_from: 'identity', timeout_seconds: 3600 });
});

test('a check names the broker that it cannot reach', async () => {
  const nobody = await freePort();
  const config = { ...testConfig({}).providers.monai, rabbitmq: `amqp://user:secret-word@127.0.0.1:${nobody}/vhost` };
  const provider = createMonaiProvider(config, { warn: () => undefined });
  providers.push(provider);
  await expect(provider.check(NEVER)).rejects.toThrow(
    `RabbitMQ at 127.0.0.1:${nobody}: no connection: connect ECONNREFUSED 127.0.0.1:${nobody}`,
  );
});

describe('the list of open workflows', () => {
  const list = (provider: Provider) => listedPages(provider, { scope: 'argo', jobs: [TASK] });

  afterEach(() => argo.refuseLists(undefined));

  test('has those that have not ended, by their own names, in pages of a hundred', async () => {
    const lists = argo.listCount();
    for (let index = 0; index < 120; index++) {
      argo.set(`open-${String(index).padStart(3, '0')}`, { phase: 'Running', nodes: { large: 'x'.repeat(10_000) } });
    }
    argo.set('open-007', { phase: 'Succeeded', finishedAt: '2026-01-02T03:15:30Z' });
    argo.set('open-008', { phase: 'Napping' });
    argo.set('open-009', {});
    const pages = await list(monai());
    expect(pages.map(({ length }) => length)).toEqual([100, 19]);
    expect(argo.listCount() - lists).toBe(2);
    const listed = new Map(pages.flat().map((job) => [job.key, job]));
    expect(listed.has('open-007')).toBe(false);
    expect(listed.get('open-008')?.state).toBe('RUNNING');
    expect(listed.get('open-009')?.state).toBe('PENDING');
    expect(listed.get('open-010')).toEqual({
      key: 'open-010',
      job: 'open-010',
      state: 'RUNNING',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+Z$/),
      ended_at: null,
    });
    expect(argo.lastListBytes()).toBeLessThan(20_000);
  });

  test('is matched with a task by the identity that a callback named, and not before', () => {
    const { watching } = monai();
    expect(watching?.keyOf(TASK)).toBeUndefined();
    expect(watching?.keyOf(TASK, WORKFLOW)).toBe(WORKFLOW);
    expect(watching?.scopeOf(TASK)).toBe('argo');
    expect(monai({ url: '' }).watching?.list).toBeUndefined();
    expect(monai({ url: '' }).watching?.keyOf(TASK, WORKFLOW)).toBeUndefined();
  });

  test.each([
    [403, 'permission_denied', '"list" on workflows.argoproj.io in the namespace argo'],
    [410, 'unavailable', 'list of workflows in argo'],
    [501, 'unavailable', 'list of workflows in argo'],
    [404, 'unsupported', 'list of workflows in argo'],
  ])('is refused with HTTP %d: %s', async (status, code, message) => {
    argo.refuseLists({ status });
    const provider = monai();
    await expect(list(provider)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    argo.set(WORKFLOW, { phase: 'Running' });
    expect(await provider.getJobStatus(TASK, NEVER, CONTEXT)).toMatchObject({ state: 'RUNNING' });
  });

  test('is tried by a check, which goes on without it', async () => {
    const { argo: config } = testConfig({}).providers.monai;
    const plugin = createArgoPlugin(
      { ...config, url: argo.url, token: TOKEN },
      { warn: () => undefined, deadlineMs: 2_000 },
    );
    await expect(plugin.check(NEVER)).resolves.toContain('may read workflows of namespace argo, one and many');
    argo.refuseLists({ status: 403 });
    await expect(plugin.check(NEVER)).resolves.toMatch(
      /asks about them one by one: .*"list" on workflows\.argoproj\.io/,
    );
    await plugin.close();
  });
});
