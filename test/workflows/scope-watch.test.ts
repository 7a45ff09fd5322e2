import { randomInt, randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type { Info } from '@temporalio/activity';
import { Client } from '@temporalio/client';
import { createStillCurrent } from '../../activities/watch/still-current';
import { parseConfig } from '../../src/config/load-config';
import { startVertexAiEmulator, type VertexAiEmulator } from '../../src/dev/emulators/vertex-ai/emulator';
import type { JobState } from '../../src/domain/job-state';
import type { WatchDetails } from '../../src/domain/scope-watch';
import type { Provider } from '../../src/providers/provider';
import { createProviders } from '../../src/providers/registry';
import { eventTypes } from '../support/event-types';
import { eventually } from '../support/eventually';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { type RunningJobs, runJobs } from '../support/run-jobs';
import { SUCCEEDED, scriptedProvider } from '../support/scripted-provider';
import { testConfig } from '../support/test-config';
import { workflows } from '../support/workflows';

const PROVIDER = 'vertex-ai';

describe('the watch of a scope', () => {
  let emulator: VertexAiEmulator;
  let temporal: RealTemporal;
  let client: Client;
  let orders: TestReceiver;
  let running: RunningJobs;
  let scope: string;
  let queue: string;
  let newJob: (state?: string) => string;

  beforeEach(async () => {
    emulator = await startVertexAiEmulator();
    temporal = await connectRealTemporal();
    client = new Client({ connection: temporal.connection });
    orders = await startReceiver();
    scope = `projects/${randomInt(1e9, 1e12)}/locations/us-central1`; // a scope of its own, which no other test watches
    let jobs = 0;
    newJob = (state = 'JOB_STATE_RUNNING') => {
      const name = `${scope}/batchPredictionJobs/${++jobs}`;
      emulator.putJob({ name, state });
      return name;
    };
  });
  afterEach(async () => {
    await running.stop();
    await Promise.all([temporal.close(), orders.close(), emulator.close()]);
  });

  const start = async (
    section: object = {},
    taskQueue = `test-${randomUUID()}`,
    otherProviders: readonly Provider[] = [],
  ) => {
    const base = testConfig({
      endpoints: [{ name: 'orders', url: orders.url }],
      temporal: { ...temporal.config, taskQueue },
    });
    const own = { api_endpoint: emulator.address, insecure: true, sweep: { every: '500ms' }, ...section };
    const named = [{ name: 'orders', url: 'https://orders.example.com' }];
    const { providers } = parseConfig(JSON.stringify({ endpoints: named, providers: { [PROVIDER]: own } }), {
      env: {},
      cwd: '/',
    });
    const config = { ...base, providers };
    const provider = createProviders(config, { warn: () => undefined }).get(PROVIDER);
    if (!provider) throw new Error('no provider');
    queue = taskQueue;
    running = await runJobs({
      config,
      provider,
      otherProviders,
      client,
      connection: temporal.nativeConnection,
      bundle: await workflows(),
    });
    await provider.warmUp?.();
  };
  const submit = async (job: string) => {
    await running.jobs.submit({ provider: PROVIDER, job, endpoints: ['orders'] });
    return client.workflow.getHandle(`${PROVIDER}/${job}`);
  };
  const stateOf = async (job: string) => (await running.jobs.get(PROVIDER, job)).state;
  const endedJobs = () => orders.received.map(({ json }) => (json as { data: { job: string } }).data.job);

  /** What the watch of the scope has recorded of its last sweep. */
  const detailsOf = async (watched = `${PROVIDER}/${scope}`) => {
    const { raw } = await client.workflow.getHandle(`watch/${watched}#${queue}`).describe();
    const [payload] = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads ?? [];
    return payload?.data ? (JSON.parse(Buffer.from(payload.data).toString()) as WatchDetails) : undefined;
  };

  it('finds an end that nobody announces, asks the provider once for it, and adds no event to a run before', async () => {
    await start();
    const job = newJob();
    const handle = await submit(job);
    await eventually('the first look is over', async () => (await stateOf(job)) === 'RUNNING');
    const before = await eventTypes(handle);
    const listed = emulator.countOf('ListBatchPredictionJobs');
    await eventually('it was listed again', () => emulator.countOf('ListBatchPredictionJobs') >= listed + 3);
    expect(await eventTypes(handle)).toEqual(before);
    // Where nothing is tracked nothing is listed for it: once it is, `track.since` counts.
    expect(await eventually('the sweep is recorded', () => detailsOf())).toMatchObject({ listed_until: null });
    const asked = emulator.countOf('GetBatchPredictionJob');

    emulator.setState(job, { state: 'JOB_STATE_SUCCEEDED' });
    expect(await handle.result()).toMatchObject({ state: 'COMPLETED', completed_by: 'poll' });
    expect(emulator.countOf('GetBatchPredictionJob')).toBe(asked + 1);
    expect(endedJobs()).toEqual([job]);
  });

  it('asks one question about many jobs', async () => {
    await start();
    const jobs = Array.from({ length: 120 }, () => newJob());
    for (const job of jobs) await submit(job);
    const areKnown = async () => (await Promise.all(jobs.map(stateOf))).every((state) => state === 'RUNNING');
    await eventually('all first looks are over', areKnown);
    const before = emulator.countOf('ListBatchPredictionJobs');
    await eventually('the index has all', () => emulator.countOf('ListBatchPredictionJobs') >= before + 6);
    const asked = emulator.countOf('GetBatchPredictionJob');
    const listed = emulator.countOf('ListBatchPredictionJobs');
    await eventually('it was listed again', () => emulator.countOf('ListBatchPredictionJobs') >= listed + 6);
    expect(emulator.countOf('GetBatchPredictionJob')).toBe(asked);
  });

  it('shows what state an open job is in', async () => {
    await start();
    const job = newJob('JOB_STATE_PENDING');
    await submit(job);
    await eventually('the first look is over', () => emulator.countOf('GetBatchPredictionJob') > 0);
    expect(await stateOf(job)).toBe('PENDING');
    emulator.setState(job, { state: 'JOB_STATE_RUNNING' });
    await eventually('it is shown as running', async () => (await stateOf(job)) === 'RUNNING');
  });

  it('ends nothing that has not ended, where the LIST does not show a job', async () => {
    await start();
    emulator.setIndexLag(3_600_000); // shows none of the jobs
    const job = newJob();
    const handle = await submit(job);
    await eventually('the first look is over', async () => (await stateOf(job)) === 'RUNNING');
    const first = emulator.countOf('ListBatchPredictionJobs');
    await eventually('it was listed a few times', () => emulator.countOf('ListBatchPredictionJobs') >= first + 4);
    expect(await stateOf(job)).toBe('RUNNING');
    expect((await handle.describe()).status.name).toBe('RUNNING');

    emulator.setIndexLag(0);
    const hidden = emulator.countOf('ListBatchPredictionJobs');
    await eventually('it is listed', () => emulator.countOf('ListBatchPredictionJobs') >= hidden + 2);
    emulator.setState(job, { state: 'JOB_STATE_FAILED' });
    expect(await handle.result()).toMatchObject({ state: 'FAILED' });
  });

  it('asks about jobs one by one where it may not list them', async () => {
    await start({ poll: { first: '300ms', factor: 1, max: '300ms' } });
    emulator.refuse('ListBatchPredictionJobs', { code: status.PERMISSION_DENIED });
    const job = newJob();
    const handle = await submit(job);
    await eventually('it was asked about by itself', () => emulator.countOf('GetBatchPredictionJob') >= 4);
    expect(emulator.countOf('ListBatchPredictionJobs')).toBe(1);
    emulator.setState(job, { state: 'JOB_STATE_SUCCEEDED' });
    expect(await handle.result()).toMatchObject({ state: 'COMPLETED', completed_by: 'poll' });
  });

  it('loses no end while the LIST fails, and goes on when it answers', async () => {
    await start();
    const job = newJob();
    const handle = await submit(job);
    await eventually('the first look is over', async () => (await stateOf(job)) === 'RUNNING');
    await eventually('it was listed', () => emulator.countOf('ListBatchPredictionJobs') > 0);
    emulator.refuse('ListBatchPredictionJobs', { code: status.UNAVAILABLE });
    const listed = emulator.countOf('ListBatchPredictionJobs');
    emulator.setState(job, { state: 'JOB_STATE_SUCCEEDED' });
    await eventually('the LIST failed', () => emulator.countOf('ListBatchPredictionJobs') >= listed + 2);
    expect(endedJobs()).toEqual([]);
    emulator.refuse('ListBatchPredictionJobs', undefined);
    expect(await handle.result()).toMatchObject({ state: 'COMPLETED' });
  });

  it('breaks off a LIST without an end, asks about jobs one by one instead, and says so', async () => {
    const other = scriptedProvider({
      poll: { firstMs: 200, maxMs: 1_000 },
      watching: {
        sweep: { everyMs: 200, budget: { requests: 1_000_000, perMs: 1_000 } },
        scopeOf: () => 's',
        async *list() {
          for (let page = 1; ; page++) {
            await setImmediate();
            const job = `foreign-${page}`;
            yield [{ key: job, job, state: 'RUNNING', created_at: null, ended_at: null } as const];
          }
        },
      },
    });
    await start({}, undefined, [other]);
    await running.jobs.submit({ provider: other.name, job: 'own', endpoints: ['orders'] });
    const watch = `${other.name}/s`;
    const details = await eventually('it is shown', async () => {
      const shown = await detailsOf(watch);
      return shown?.last_fault ? shown : undefined;
    });
    expect(details).toMatchObject({ by: 'single questions', open_jobs: 1 });
    expect(details.last_fault).toMatch(/Z the list has not ended after 10000 pages$/);
    other.says(SUCCEEDED);
    await eventually('its end is found', () => endedJobs().includes('own'));
  });

  it('tracks jobs that nobody submitted, also one that began and ended between two sweeps', async () => {
    await start({ track: { auto: true, scopes: [scope], endpoints: ['orders'] } });
    // Whoever tracks has the caretaker start the watch; here a job that is submitted does.
    const submitted = newJob();
    await submit(submitted);
    await eventually('it was listed', () => emulator.countOf('ListBatchPredictionJobs') > 0);
    // Of a kind that is not tracked, and listed for the one that was submitted.
    const [custom, another] = ['1', '2'].map((id) => `${scope}/customJobs/${id}`) as [string, string];
    for (const name of [custom, another]) emulator.putJob({ name, state: 'JOB_STATE_RUNNING' });
    await submit(custom);

    const short = newJob('JOB_STATE_SUCCEEDED');
    const long = newJob('JOB_STATE_RUNNING');
    await eventually('the short one is notified', () => endedJobs().includes(short));
    await eventually('the long one is tracked', async () => (await stateOf(long)) === 'RUNNING');
    emulator.setState(long, { state: 'JOB_STATE_FAILED' });
    await eventually('the long one is notified', () => endedJobs().includes(long));
    expect(endedJobs().sort()).toEqual([short, long].sort());
    await eventually('the others were listed', () => emulator.countOf('ListCustomJobs') >= 3);
    await expect(stateOf(another)).rejects.toMatchObject({ code: 'job_not_found' });
  });

  it('tracks what began and ended while it could not list', async () => {
    const taskQueue = `test-${randomUUID()}`;
    const section = { track: { auto: true, scopes: [scope], since: '1h', endpoints: ['orders'] } };
    await start(section, taskQueue);
    emulator.refuse('ListBatchPredictionJobs', { code: status.PERMISSION_DENIED });
    await submit(newJob());
    await eventually('it goes on without', async () => (await detailsOf())?.last_sweep);
    const createTime = new Date(Date.now() - 20 * 60_000).toISOString();
    const missed = `${scope}/batchPredictionJobs/missed`;
    emulator.putJob({ name: missed, state: 'JOB_STATE_SUCCEEDED', createTime, endTime: createTime });
    emulator.refuse('ListBatchPredictionJobs', undefined);

    await running.stop(); // an attempt that begins anew lists at once
    await start(section, taskQueue);
    await eventually('it is tracked', () => endedJobs().includes(missed));
  });

  it('tracks what is new, and neither what Temporal may have forgotten nor what cannot be a run', async () => {
    const DAY = 24 * 3600_000;
    let lists = 0;
    const listed = (job: string, state: JobState, ageMs: number) => {
      const created_at = new Date(Date.now() - ageMs).toISOString();
      return { key: job, job, state, created_at, ended_at: null }; // as a service that does not say when a job ended
    };
    const other = scriptedProvider({
      track: { auto: true, endpoints: ['orders'] },
      watching: {
        sweep: { everyMs: 200, budget: { requests: 1_000, perMs: 1_000 } },
        tracked: { scopes: ['s'], sinceMs: 60 * DAY },
        scopeOf: () => 's',
        async *list() {
          lists++;
          yield [
            listed('x'.repeat(300), 'RUNNING', 0),
            listed('forgotten', 'COMPLETED', 40 * DAY),
            listed('new', 'COMPLETED', 0),
          ];
        },
      },
    });
    other.says(SUCCEEDED);
    await start({}, undefined, [other]);
    await running.jobs.submit({ provider: other.name, job: 'submitted', endpoints: ['orders'] });
    await eventually('it was listed a few times', () => lists >= 3);
    await eventually('the new one is notified', () => endedJobs().includes('new'));
    expect(endedJobs()).not.toContain('forgotten');
  });

  it('tracks jobs of a scope that is configured only after its watch has begun', async () => {
    const taskQueue = `test-${randomUUID()}`;
    await start({}, taskQueue);
    await submit(newJob());
    await eventually('it was listed', () => emulator.countOf('ListBatchPredictionJobs') > 0);
    await running.stop();

    await start({ track: { auto: true, scopes: [scope], since: '1h', endpoints: ['orders'] } }, taskQueue);
    await submit(newJob()); // whoever asks makes sure of the watch, and so does the caretaker
    const job = newJob('JOB_STATE_SUCCEEDED');
    // The activity under way notices with one of its next heartbeats.
    await eventually('it is tracked', () => endedJobs().includes(job));
    // That it is tracked stands where a watch looks that begins after this one was terminated.
    const { events } = await client.workflow.getHandle(`watch/${PROVIDER}/${scope}#${queue}`).fetchHistory();
    const [argument] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    const since = Date.now() - 3600_000;
    const { tracked_since } = JSON.parse(Buffer.from(argument?.data ?? []).toString());
    expect(Math.abs(tracked_since - since)).toBeLessThan(600_000);
  });

  it('loses no end of many at once where the quota is too small for them, and notifies each once', async () => {
    await start();
    const jobs = Array.from({ length: 60 }, () => newJob());
    await Promise.all(jobs.map(submit));
    const asked = () => emulator.countOf('GetBatchPredictionJob') >= jobs.length;
    await eventually('all were asked about', asked);
    emulator.setQuota({ requests: 20, perMs: 2_000 });
    for (const job of jobs) emulator.setState(job, { state: 'JOB_STATE_SUCCEEDED' });
    await eventually('all are notified', () => new Set(endedJobs()).size === jobs.length);
    expect(endedJobs().sort()).toEqual([...jobs].sort());
  });

  it('is given up by a worker that another has replaced', async () => {
    await start();
    await submit(newJob());
    await eventually('it was listed', () => emulator.countOf('ListBatchPredictionJobs') > 0);
    const { raw, workflowId, runId } = await client.workflow
      .getHandle(`watch/${PROVIDER}/${scope}#${queue}`)
      .describe();
    const { activityId, attempt } = raw.pendingActivities?.[0] ?? {};
    const checkOf = (attempt: number) =>
      createStillCurrent(client, { workflowExecution: { workflowId, runId }, activityId, attempt } as Info);
    await expect(checkOf(Number(attempt))()).resolves.toBeUndefined();
    await expect(checkOf(Number(attempt) - 1)()).rejects.toMatchObject({ type: 'Superseded' });
  });

  it('keeps nothing waiting that has nothing to do with a provider that hangs', async () => {
    const other = scriptedProvider();
    other.says(SUCCEEDED);
    await start({}, undefined, [other]);
    const jobs = Array.from({ length: 40 }, () => newJob());
    const releases = jobs.map((job) => emulator.hold(job));
    await Promise.all(jobs.map(submit));
    await eventually('many questions hang', () => emulator.countOf('GetBatchPredictionJob') >= 8);
    await running.jobs.submit({ provider: other.name, job: 'unrelated', endpoints: ['orders'] });
    await eventually('the other is notified while they hang', () => endedJobs().includes('unrelated'));
    for (const release of releases) release();
  });
});
