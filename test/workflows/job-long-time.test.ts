import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { JobInput, JobResult } from '../../src/domain/job-run';
import type { Subscription } from '../../src/domain/subscription';
import { ProviderError } from '../../src/providers/provider';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { type RunningJobs, runJobs } from '../support/run-jobs';
import { RUNNING, type ScriptedProvider, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';
import { testConfig } from '../support/test-config';
import { startTimeSkipping } from '../support/time-skipping';
import { workflows } from '../support/workflows';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** On a server that skips time: days pass between two attempts, in milliseconds. */
describe('over a long time', () => {
  let env: TestWorkflowEnvironment;
  let running: RunningJobs;
  let provider: ScriptedProvider;
  let orders: TestReceiver;
  let taskQueue: string;

  beforeAll(async () => {
    env = await startTimeSkipping();
  });
  afterAll(() => env.teardown());

  beforeEach(async () => {
    orders = await startReceiver();
    provider = scriptedProvider({ poll: { firstMs: 30_000, factor: 2, maxMs: 2 * HOUR } });
    taskQueue = randomUUID();
    running = await runJobs({
      config: testConfig({
        endpoints: [{ name: 'orders', url: orders.url }], // the default schedule: 5 s, factor 3, at most 6 h, for 7 days
        temporal: { taskQueue },
      }),
      provider,
      client: env.client,
      connection: env.nativeConnection,
      bundle: await workflows(),
      watchScopes: false,
    });
  });
  afterEach(async () => {
    await running.stop();
    await orders.close();
  });

  const start = (more: Partial<JobInput> = {}, events: Subscription['events'] = ['job.succeeded', 'job.canceled']) => {
    const job = randomUUID();
    return env.client.workflow.start('job', {
      taskQueue,
      workflowId: `scripted/${job}`,
      args: [
        { provider: 'scripted', job, subscriptions: [{ endpoint: 'orders', events, format: 'standard' }], ...more },
      ],
    });
  };
  /** By the server's clock; it may have skipped on since. */
  const endOf = async (handle: Awaited<ReturnType<typeof start>>) => {
    const last = (await handle.fetchHistory()).events?.at(-1)?.eventTime;
    return Number(last?.seconds) * 1000 + (last?.nanos ?? 0) / 1e6;
  };
  const resultOf = async (handle: Awaited<ReturnType<typeof start>>) => (await handle.result()) as JobResult;

  it('delivers after 72 hours of failures, with the same bytes, on the schedule', async () => {
    const began = await env.currentTimeMs();
    provider.says(SUCCEEDED);
    let firstSuccess = Number.POSITIVE_INFINITY;
    orders.answer(503);
    const handle = await start();
    const opensAgain = (async () => {
      while ((await env.currentTimeMs()) - began < 72 * HOUR) await env.sleep(HOUR);
      orders.answer(204);
      firstSuccess = orders.received.length;
    })();
    await opensAgain;
    const [delivery] = (await resultOf(handle)).deliveries;

    expect(delivery?.state).toBe('delivered');
    expect(delivery?.attempt_count).toBe(firstSuccess + 1);
    const took = (await endOf(handle)) - began;
    expect(took).toBeGreaterThanOrEqual(72 * HOUR);
    expect(took).toBeLessThan(80 * HOUR);
    expect(new Set(orders.received.map(({ body }) => body)).size).toBe(1);
    // 5 s, 15 s, 45 s … reach 6 h with the ninth attempt; then one every 6 h.
    expect(delivery?.attempt_count).toBeGreaterThan(8 + 72 / 6 - 3);
    expect(delivery?.attempt_count).toBeLessThan(8 + 72 / 6 + 4);
  });

  it('gives a delivery up when its window of 7 days is over, and not before', async () => {
    const began = await env.currentTimeMs();
    provider.says(SUCCEEDED);
    orders.answer(500);
    const handle = await start();
    const [delivery] = (await resultOf(handle)).deliveries;
    const took = (await endOf(handle)) - began;
    expect(delivery?.state).toBe('exhausted');
    expect(took).toBeGreaterThanOrEqual(7 * DAY);
    // One delay of slack: this server tells an attempt the time at which the one before it failed.
    expect(took).toBeLessThan(7 * DAY + 7 * HOUR);
    expect(delivery?.attempts.at(-1)?.next_attempt).toBeUndefined();
  });

  it('looks at a job of 30 days every six hours by its own timer alone, should nobody else look', async () => {
    const began = await env.currentTimeMs();
    provider.says(RUNNING);
    const handle = await start();
    while ((await env.currentTimeMs()) - began < 30 * DAY) await env.sleep(DAY);
    provider.says(SUCCEEDED);
    expect(await resultOf(handle)).toMatchObject({ state: 'COMPLETED', completed_by: 'poll' });
    // Four times a day for 30 days, and the first look; the timer is spread over ±20 %.
    expect(provider.asked.length).toBeGreaterThan(105);
    expect(provider.asked.length).toBeLessThan(140);
  });

  it('asks at once when a heartbeat deadline of an hour is missed, however slow the poll is', async () => {
    await running.stop();
    provider = scriptedProvider({ poll: { firstMs: 30 * DAY, factor: 1, maxMs: 30 * DAY } });
    running = await runJobs({
      config: testConfig({ endpoints: [{ name: 'orders', url: orders.url }], temporal: { taskQueue } }),
      provider,
      client: env.client,
      connection: env.nativeConnection,
      bundle: await workflows(),
      watchScopes: false,
    });
    const began = await env.currentTimeMs();
    const handle = await start({ heartbeat_deadline_seconds: 3600 });
    await env.sleep(HOUR / 2);
    await handle.signal('heartbeat', { heartbeat_deadline_seconds: 3600 });
    await env.sleep(HOUR / 2 + 60_000);
    expect(provider.asked).toHaveLength(1);
    provider.says(SUCCEEDED);
    expect(await resultOf(handle)).toMatchObject({ completed_by: 'heartbeat' });
    const took = (await endOf(handle)) - began;
    expect(took).toBeGreaterThanOrEqual(1.5 * HOUR);
    expect(took).toBeLessThan(1.6 * HOUR);
  });

  it('finds by its own timer what came of a cancellation, when nobody says more', async () => {
    provider.says(RUNNING);
    const handle = await start();
    await env.sleep(DAY);
    await handle.cancel();
    await env.sleep(60_000);
    expect(provider.canceled).toHaveLength(1);
    provider.says({ state: 'CANCELED', provider_state: 'JOB_STATE_CANCELLED' });
    expect(await resultOf(handle)).toMatchObject({ state: 'CANCELED', completed_by: 'poll' });
    expect(orders.received.map(({ json }) => json.type)).toEqual(['job.canceled']);
  });

  /** By default a job is lost that its provider has not known for ten minutes. */
  const UNKNOWN = new ProviderError('not_found', 'no such job');

  it('does not lose a job that its provider has known since it first did not know it', async () => {
    provider.says(UNKNOWN);
    const handle = await start();
    await env.sleep(MINUTE);
    provider.says(RUNNING);
    await env.sleep(30 * MINUTE);
    provider.says(UNKNOWN);
    await handle.signal('completion');
    await env.sleep(5 * MINUTE);
    provider.says(SUCCEEDED);
    expect(await resultOf(handle)).toMatchObject({ state: 'COMPLETED' });
  });

  it('loses a job ten minutes after its provider first did not know it, however long an outage there was before', async () => {
    provider.says(new ProviderError('unavailable', 'the service is overloaded'));
    const handle = await start();
    await env.sleep(HOUR);
    const began = await env.currentTimeMs();
    provider.says(UNKNOWN);
    expect(await resultOf(handle)).toMatchObject({ state: 'FAILED', reason: 'LOST' });
    expect((await endOf(handle)) - began).toBeGreaterThanOrEqual(10 * MINUTE);
  });
});
