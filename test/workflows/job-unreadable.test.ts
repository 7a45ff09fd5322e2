import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { ProviderError } from '../../src/providers/provider';
import { eventually } from '../support/eventually';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { NO_COUNTERS, type RunningJobs, runJobs } from '../support/run-jobs';
import { type ScriptedProvider, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';
import { testConfig } from '../support/test-config';
import { startTimeSkipping } from '../support/time-skipping';
import { workflows } from '../support/workflows';

const HOUR = 3600_000;

/** On a server that skips time. */
describe('answers that nobody can read', () => {
  let env: TestWorkflowEnvironment;
  let running: RunningJobs;
  let provider: ScriptedProvider;
  let ops: TestReceiver;
  const taskQueue = randomUUID();
  const unreadable: string[] = [];

  beforeAll(async () => {
    env = await startTimeSkipping();
    ops = await startReceiver();
    provider = scriptedProvider({ poll: { firstMs: 30_000, factor: 2, maxMs: 2 * HOUR } });
    running = await runJobs({
      config: testConfig({ operations: 'ops', endpoints: [{ name: 'ops', url: ops.url }], temporal: { taskQueue } }),
      provider,
      client: env.client,
      connection: env.nativeConnection,
      bundle: await workflows(),
      count: { ...NO_COUNTERS, unreadable: (name) => unreadable.push(name) },
      watchScopes: false,
    });
  });
  afterAll(async () => {
    await running.stop();
    await ops.close();
    await env.teardown();
  });

  it('are reported once, after three of them and 30 s, and the provider is asked on at poll.max', async () => {
    const began = await env.currentTimeMs();
    provider.says(new ProviderError('unreadable', 'the answer is no JSON'));
    const job = randomUUID();
    const handle = await env.client.workflow.start('job', {
      taskQueue,
      workflowId: `scripted/${job}`,
      args: [{ provider: 'scripted', job, subscriptions: [] }],
    });
    const askedFor = async (ms: number) => {
      while ((await env.currentTimeMs()) - began < ms) await env.sleep(Math.max(1_000, ms / 60));
      return provider.asked.length;
    };
    // 1 s, doubling: enough by then, but not for long enough.
    expect(await askedFor(25_000)).toBeGreaterThanOrEqual(4);
    const early = [ops.received.length, [...unreadable]];
    // Its clock goes on while this machine stands still.
    if ((await env.currentTimeMs()) - began < 30_000) expect(early).toEqual([0, []]);

    await askedFor(60_000);
    await eventually('operations are notified', () => ops.received.length > 0);
    expect(ops.received[0]?.json).toMatchObject({
      type: 'job.unreadable',
      data: { provider: 'scripted', job, error: 'the answer is no JSON', since: expect.stringMatching(/Z$/) },
    });
    // `warnings` of the job are made of this.
    const { pendingActivities } = (await handle.describe()).raw;
    expect(pendingActivities?.[0]?.lastFailure?.message).toMatch(/nobody can read its answers since .*no JSON/);
    const asked = provider.asked.length;
    expect(await askedFor(5 * HOUR)).toBeLessThan(asked + 5);
    expect([ops.received.length, unreadable]).toEqual([1, ['scripted']]);

    provider.says(SUCCEEDED);
    expect(await handle.result()).toMatchObject({ state: 'COMPLETED' });
  });
});
