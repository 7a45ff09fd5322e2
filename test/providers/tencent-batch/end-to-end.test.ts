import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { pino } from 'pino';
import type { Job } from '../../../schemas/types';
import { CMQ_FORMS, type CmqPush } from '../../../src/dev/emulators/tencent-batch/cmq-push';
import {
  type Call,
  startTencentBatchEmulator,
  type TencentBatchEmulator,
} from '../../../src/dev/emulators/tencent-batch/emulator';
import { createGateway, type Gateway } from '../../../src/gateway/server';
import { STILL_BILLS } from '../../../src/providers/tencent-batch/job-status';
import { createTencentBatchProvider } from '../../../src/providers/tencent-batch/provider';
import { eventually } from '../../support/eventually';
import { createFakeEndpoints } from '../../support/fake-endpoints';
import { createFakeRedeliveries } from '../../support/fake-redeliveries';
import { connectRealTemporal, type RealTemporal } from '../../support/real-temporal';
import { startReceiver, type TestReceiver } from '../../support/receiver';
import { type RunningJobs, runJobs } from '../../support/run-jobs';
import { testConfig } from '../../support/test-config';
import { workflows } from '../../support/workflows';
import { batchEvent } from './events';

const TOKEN = 'a-secret-path-of-tests';
const RETRY = { firstMs: 200, factor: 1, maxMs: 200, forMs: 60_000 };

let temporal: RealTemporal;
let emulator: TencentBatchEmulator;
/** Of the endpoints `topic` (tencent-batch), `audit` (standard), `machines` (compute events, tencent-batch). */
let topic: TestReceiver;
let audit: TestReceiver;
let machines: TestReceiver;
let running: RunningJobs;
let gateway: Gateway;
let origin: string;

beforeAll(async () => {
  temporal = await connectRealTemporal();
  emulator = await startTencentBatchEmulator();
});
beforeEach(() => start());
afterEach(stop);
afterAll(async () => {
  await emulator?.close();
  await temporal?.close();
});

/** A gateway and a worker as in production, between the emulator and three receivers. */
async function start({ auto = false, everyMs = 60_000, region = 'ap-guangzhou' } = {}): Promise<void> {
  [topic, audit, machines] = await Promise.all([startReceiver(), startReceiver(), startReceiver()]);
  const base = testConfig({
    endpoints: [
      { name: 'topic', url: topic.url, format: 'tencent-batch', retry: RETRY },
      { name: 'audit', url: audit.url, events: ['task.failed', 'compute_node.abnormal', 'job.failed'], retry: RETRY },
      {
        name: 'machines',
        url: machines.url,
        format: 'tencent-batch',
        events: ['compute_node.created', 'compute_node.abnormal'],
        retry: RETRY,
      },
    ],
    temporal: { ...temporal.config, taskQueue: `test-${randomUUID()}` },
    gateway: { port: 0 },
  });
  const tencentBatch = {
    ...base.providers['tencent-batch'],
    ...emulator.keys,
    endpoint: emulator.origin,
    callbackToken: TOKEN,
    region,
    sweep: { everyMs, budget: { requests: 300, perMs: 60_000 } },
    track: { auto, endpoints: ['topic'], scopes: [], sinceMs: 0 },
  };
  const config = { ...base, providers: { ...base.providers, 'tencent-batch': tencentBatch } };
  running = await runJobs({
    config,
    provider: createTencentBatchProvider(tencentBatch, { warn: () => undefined }),
    client: new Client({ connection: temporal.connection }),
    connection: temporal.nativeConnection,
    bundle: await workflows(),
  });
  gateway = createGateway({
    config,
    jobs: running.jobs,
    inbox: running.inbox,
    endpoints: createFakeEndpoints(),
    redeliveries: createFakeRedeliveries(),
    ready: async () => ({ ready: true }),
    logger: pino({ level: 'silent' }),
    version: 'test',
  });
  origin = await gateway.listen();
}

async function stop(): Promise<void> {
  await gateway?.close();
  await running?.stop();
  await Promise.all([topic, audit, machines].map((receiver) => receiver?.close()));
}

function newJob(state = 'RUNNING'): string {
  const job = `job-${randomUUID().slice(0, 8)}`;
  emulator.putJob({ JobId: job, JobName: 'nightly', JobState: state, CreateTime: '2026-03-01T07:00:00Z' });
  return job;
}

async function submit(job: string, whom: object): Promise<Response> {
  return fetch(`${origin}/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ provider: 'tencent-batch', job, ...whom }),
  });
}

const notifications = (topic_name: string, ...names: string[]) => ({
  notifications: [
    {
      topic_name,
      event_configs: names.map((event_name) => ({ event_name, event_vars: [{ name: 'of', value: event_name }] })),
    },
  ],
});

const push = (what: CmqPush) => emulator.push(`${origin}/ingress/tencent-cmq/${TOKEN}`, what);
const view = async (job: string) => (await fetch(`${origin}/v1/jobs/tencent-batch/${job}`)).json() as Promise<Job>;
const isSweep = ({ action }: Call) => action === 'DescribeJobs';
const asked = (job: string) =>
  emulator.calls.filter((call) => call.job === job && call.action === 'DescribeJob').length;
const eventsAt = (receiver: TestReceiver) => receiver.received.flatMap(({ json }) => json['Events'] as Told[]);
const namesAt = (receiver: TestReceiver) => eventsAt(receiver).map(({ EventName }) => EventName);

interface Told {
  readonly EventName: string;
  readonly EventVars: readonly object[];
  readonly Region: string;
  readonly EventTime: string;
  readonly Batch: Readonly<Record<string, unknown>>;
}

test.each(CMQ_FORMS)(
  'a pushed end (%s) is confirmed with DescribeJob, then sent in the requested format',
  async (form) => {
    const job = newJob();
    const sweepsBefore = emulator.calls.filter(isSweep).length;
    expect((await submit(job, notifications('topic', 'JOB_RUNNING', 'JOB_SUCCEED'))).status).toBe(201);
    // Told, not only asked: an end that comes in before the answer does overtakes it.
    await eventually('it is notified that the job runs', () => topic.received.length === 1);
    expect(asked(job)).toBeGreaterThan(0);
    // The first sweep comes with the watch, the next after a minute: it must not find the end before the push does.
    await eventually('the watch has swept', () => emulator.calls.filter(isSweep).length > sweepsBefore);

    emulator.setState(job, 'SUCCEED', { EndTime: '2026-03-01T08:00:00Z' });
    const pushed = batchEvent('JOB_SUCCEED', { JobId: job, JobState: 'SUCCEED' });
    expect(await push({ events: [pushed], form })).toBe(204);

    await eventually('both events are notified', () => topic.received.length === 2);
    expect(eventsAt(topic)).toEqual([
      expect.objectContaining({ EventName: 'JOB_RUNNING', EventVars: [{ Name: 'of', Value: 'JOB_RUNNING' }] }),
      {
        EventVersion: '1.0',
        EventTime: '2026-03-01T08:00:00Z',
        Region: 'ap-guangzhou',
        Batch: expect.objectContaining({ JobId: job, JobName: 'nightly', JobState: 'SUCCEED' }),
        EventName: 'JOB_SUCCEED',
        EventVars: [{ Name: 'of', Value: 'JOB_SUCCEED' }],
      },
    ]);
    expect(await view(job)).toMatchObject({ state: 'COMPLETED', provider_state: 'SUCCEED', completed_by: 'signal' });
  },
);

test('a forged end costs one question, and nobody is notified', async () => {
  const job = newJob();
  await submit(job, { endpoints: ['topic'] });
  await eventually('the provider is asked at once', async () => (await view(job)).state === 'RUNNING');
  const before = asked(job);
  expect(await push({ events: [batchEvent('JOB_FAILED', { JobId: job, JobState: 'FAILED' })] })).toBe(204);
  await eventually('the provider is asked again', () => asked(job) > before);
  expect(await view(job)).toMatchObject({ phase: 'waiting', outcome: null });
  expect(topic.received).toHaveLength(0);
});

test('JOB_FAILED_INTERRUPTED states that the instance is kept and still bills, wherever it is read', async () => {
  const job = newJob('FAILED_INTERRUPTED');
  emulator.setState(job, 'FAILED_INTERRUPTED', { StateReason: 'exit code 1', EndTime: '2026-03-01T08:00:00Z' });
  await submit(job, { endpoints: ['topic', 'audit'] });
  await eventually('both are notified', () => topic.received.length === 1 && audit.received.length === 1);

  const [told] = eventsAt(topic);
  expect(told?.EventName).toBe('JOB_FAILED_INTERRUPTED');
  expect(told?.Batch['StateReason']).toBe(`exit code 1; ${STILL_BILLS}`);
  expect(audit.received[0]?.json).toMatchObject({
    type: 'job.failed',
    data: { reason: 'FAILED_INTERRUPTED', message: `exit code 1; ${STILL_BILLS}`, error: { message: 'exit code 1' } },
  });
  expect(await view(job)).toMatchObject({ state: 'FAILED', reason: 'FAILED_INTERRUPTED' });
});

test('notifications select exactly: one failure is not the other', async () => {
  const job = newJob();
  await submit(job, {
    Notifications: [
      { TopicName: 'topic', EventConfigs: [{ EventName: 'JOB_FAILED_INTERRUPTED' }] },
      { TopicName: 'machines', EventConfigs: [{ EventName: 'JOB_FAILED', EventVars: [{ Name: 'a', Value: 'b' }] }] },
    ],
  });
  emulator.setState(job, 'FAILED');
  await push({ events: [batchEvent('JOB_FAILED', { JobId: job })] });
  await eventually('the job is over', async () => (await view(job)).phase === 'done');
  expect(eventsAt(machines)).toEqual([
    expect.objectContaining({ EventName: 'JOB_FAILED', EventVars: [{ Name: 'a', Value: 'b' }] }),
  ]);
  expect(topic.received).toHaveLength(0);
});

test('events of tasks pass through unchanged and once each, however often they are pushed', async () => {
  const job = newJob();
  await submit(job, notifications('topic', 'TASK_RUNNING', 'TASK_INSTANCE_SUCCEED', 'JOB_SUCCEED'));
  const own = [{ Name: 'own', Value: 'kept' }];
  const messages = [1, 2, 3, 4].map((n) =>
    batchEvent(
      n % 2 ? 'TASK_RUNNING' : 'TASK_INSTANCE_SUCCEED',
      { JobId: job, TaskName: `t${n}`, More: { n: [n] } },
      own,
    ),
  );
  const unwanted = batchEvent('TASK_FAILED', { JobId: job, TaskName: 't5' });

  const pushes: CmqPush[] = [
    { events: messages.slice(0, 2), messageId: 'm-1', form: 'simplified' },
    { events: messages.slice(0, 2), messageId: 'm-1', form: 'json' },
    { events: [unwanted, ...messages.slice(2)], messageId: 'm-2', form: 'base64' },
    { events: [unwanted, ...messages.slice(2)], messageId: 'm-2', form: 'base64' },
  ];
  for (const each of pushes) expect(await push(each)).toBe(204);
  await eventually('all four are notified', () => topic.received.length === 4);

  emulator.setState(job, 'SUCCEED');
  await push({ events: [batchEvent('JOB_SUCCEED', { JobId: job })] });
  await eventually('the end is notified', () => topic.received.length === 5);
  const bodies = topic.received.slice(0, 4).map(({ body }) => body);
  expect(bodies.toSorted()).toEqual(messages.map((message) => JSON.stringify({ Events: [message] })).toSorted());
  expect(namesAt(topic).at(-1)).toBe('JOB_SUCCEED');
  expect(new Set(topic.received.map(({ headers }) => headers['webhook-id'])).size).toBe(5);
});

test('an event of a machine reaches every configured endpoint that lists it, once, without any job', async () => {
  const node = {
    ComputeNodeId: `node-${randomUUID().slice(0, 8)}`,
    EnvId: 'env-ptoxdb1t',
    ComputeNodeState: 'ABNORMAL',
  };
  const abnormal = batchEvent('COMPUTE_NODE_ABNORMAL', node, [{ Name: 'own', Value: 'kept' }]);
  const created = batchEvent('COMPUTE_NODE_CREATED', { ...node, ComputeNodeState: 'CREATED' });
  const deleting = batchEvent('COMPUTE_NODE_DELETING', node);

  // Twice by one subscription, and once more by another.
  for (const messageId of ['n-1', 'n-1', 'n-2']) {
    expect(await push({ events: [abnormal, deleting], messageId })).toBe(204);
  }
  await eventually('both endpoints are notified', () => machines.received.length === 1 && audit.received.length === 1);
  await push({ events: [created] });
  await eventually('the one that lists it is notified', () => machines.received.length === 2);

  expect(machines.received.map(({ body }) => body)).toEqual(
    [abnormal, created].map((message) => JSON.stringify({ Events: [message] })),
  );
  expect(audit.received.map(({ json }) => json)).toEqual([
    expect.objectContaining({ type: 'compute_node.abnormal', data: expect.objectContaining({ event: abnormal }) }),
  ]);
  expect(topic.received).toHaveLength(0);
});

test('a canceled job is terminated at Tencent, and notified with the state that Tencent then has', async () => {
  const job = newJob();
  await submit(job, { endpoints: ['topic'] });
  await fetch(`${origin}/v1/jobs/tencent-batch/${job}/cancel`, { method: 'POST' });
  await eventually('it is terminated', () =>
    emulator.calls.some((call) => call.job === job && call.action === 'TerminateJob'),
  );
  await push({ events: [batchEvent('JOB_FAILED', { JobId: job })] });
  await eventually('its end is notified', () => topic.received.length === 1);
  expect(eventsAt(topic)[0]).toMatchObject({ EventName: 'JOB_FAILED', Batch: { StateReason: 'Terminated by user' } });
});

describe('configured otherwise', () => {
  const restart = async (options: Parameters<typeof start>[0]) => {
    await stop();
    await start(options);
  };

  test('a sweep finds an end that nobody pushed', async () => {
    // A region of its own, which no worker watches yet.
    await restart({ everyMs: 200, region: `ap-${randomUUID()}` });
    const job = newJob();
    await submit(job, { endpoints: ['topic'] });
    await eventually('its region is swept', () => emulator.calls.filter(isSweep).length >= 2);
    emulator.setState(job, 'SUCCEED');
    await eventually('the end is notified', () => topic.received.length === 1);
    expect(namesAt(topic)).toEqual(['JOB_SUCCEED']);
    expect(await view(job)).toMatchObject({ completed_by: 'poll' });
  });

  test('with track.auto an event of an unknown job starts tracking it', async () => {
    await restart({ auto: true });
    const job = newJob();
    expect(await push({ events: [batchEvent('JOB_RUNNING', { JobId: job })] })).toBe(204);
    await eventually('it is tracked', async () => (await view(job)).state === 'RUNNING');
    emulator.setState(job, 'FAILED');
    await push({ events: [batchEvent('JOB_FAILED', { JobId: job })] });
    await eventually('its end is notified', () => topic.received.length === 1);
    expect(namesAt(topic)).toEqual(['JOB_FAILED']);
  });

  test('without, one of a job that nobody submitted is acknowledged and dropped', async () => {
    const job = newJob();
    expect(
      await push({ events: [batchEvent('JOB_RUNNING', { JobId: job }), batchEvent('TASK_FAILED', { JobId: job })] }),
    ).toBe(204);
    expect((await fetch(`${origin}/v1/jobs/tencent-batch/${job}`)).status).toBe(404);
  });
});
