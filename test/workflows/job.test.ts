import { randomUUID } from 'node:crypto';
import { verifyWebhook } from '../../src/receiver';
import { eventTypes, failedTasks } from '../support/event-types';
import { eventually } from '../support/eventually';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { TestReceiver } from '../support/receiver';
import { RUNNING, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';
import { TEST_SECRET } from '../support/test-config';

describe('the run of a job', () => {
  const runs = useRealRuns();
  let run: RealRun;
  let orders: TestReceiver;

  beforeEach(async () => {
    orders = await runs.receiver();
    run = await runs.start({ endpoints: [{ name: 'orders', url: orders.url }] });
  });

  const submit = () => run.submit('orders');

  it('notifies its endpoint once, signed, when the provider says after a signal that the job has ended', async () => {
    const { job, handle } = await submit();
    run.provider.says(SUCCEEDED);
    await handle.signal('completion');
    await handle.result();

    expect(orders.received).toHaveLength(1);
    const [request] = orders.received;
    verifyWebhook({ headers: request?.headers ?? {}, body: request?.body ?? '', secrets: [TEST_SECRET] });
    expect(request?.json).toMatchObject({
      type: 'job.succeeded',
      timestamp: SUCCEEDED.ended_at,
      data: { provider: 'scripted', job, state: 'COMPLETED', sequence: 1, artifacts: SUCCEEDED.artifacts },
    });
    expect(await run.jobs.get('scripted', job)).toMatchObject({
      phase: 'done',
      outcome: 'COMPLETED',
      completed_by: 'signal',
      deliveries: [
        { endpoint: 'orders', event: 'job.succeeded', state: 'delivered', attempts: [{ number: 1, status: 204 }] },
      ],
    });
  });

  it('writes at most 22 history events from submission to the end', async () => {
    // A machine that stalls adds a workflow task here and there; a run that needs more by itself needs it each time.
    await eventually('a run writes at most 22', async () => {
      run.provider.says(RUNNING);
      const { handle } = await submit();
      run.provider.says(SUCCEEDED);
      await handle.signal('completion');
      await handle.result();
      return (await eventTypes(handle)).length <= 22;
    });
  });

  it('asks the provider once at submission and once for a hint', async () => {
    const { handle } = await submit();
    run.provider.says(SUCCEEDED);
    await handle.signal('completion');
    await handle.result();
    expect(run.provider.asked).toHaveLength(2);
  });

  it('notices at once a job that had ended before it was submitted', async () => {
    const earlier = await submit(); // has the scope watched, which takes its time
    await eventually('it is known', async () => (await run.jobs.get('scripted', earlier.job)).state === 'RUNNING');
    const before = run.provider.asked.length;
    run.provider.says(SUCCEEDED);
    const { job, handle } = await submit();
    await handle.result();
    expect((await run.jobs.get('scripted', job)).completed_by).toBe('poll');
    expect(run.provider.asked.slice(before)).toEqual([job]);
    expect(orders.received).toHaveLength(1);
  });

  it('keeps waiting when a hint comes before the end, whatever the hint claims', async () => {
    const { job, handle } = await submit();
    await handle.signal('completion', { state: 'JOB_STATE_SUCCEEDED' });
    await eventually('the provider is asked 2 times', () => run.provider.asked.length === 2);
    expect(await run.jobs.get('scripted', job)).toMatchObject({ phase: 'waiting', state: 'RUNNING', outcome: null });
    expect(await failedTasks(handle)).toEqual([]);

    run.provider.says(SUCCEEDED);
    await handle.signal('completion');
    await handle.result();
    expect(orders.received).toHaveLength(1);
  });

  it('follows a hint that arrives while the first look at the job is still under way', async () => {
    // A look is cut short after 900 ms: on a slow machine the hint may come too late for the first of them.
    for (let tries = 1; ; tries++) {
      run.provider.says(RUNNING);
      const release = run.provider.holdNext();
      try {
        const began = performance.now();
        const { job, handle } = await submit();
        run.provider.says(SUCCEEDED);
        await run.jobs.complete('scripted', job);
        const isInTime = performance.now() - began < 800;
        await handle.result();
        expect(orders.received).toHaveLength(tries);
        if (!isInTime && tries < 20) continue;
        expect((await run.jobs.get('scripted', job)).completed_by).toBe('signal');
        return;
      } finally {
        release();
      }
    }
  });

  it('keeps the answer to its first look though its worker stood still over it', async () => {
    const provider = scriptedProvider();
    const { getJobStatus } = provider;
    provider.says(SUCCEEDED);
    Object.assign(provider, {
      getJobStatus: async (...question: Parameters<typeof getJobStatus>) => {
        const answer = await getJobStatus(...question);
        for (const began = performance.now(); performance.now() - began < 1_500; );
        return answer;
      },
    });
    run = await runs.start({ provider });
    // Again where this machine itself stands still for longer than that.
    await eventually('it is asked once', async () => {
      const job = randomUUID();
      await run.jobs.submit({ provider: 'scripted', job, endpoints: [] });
      expect(await run.client.workflow.getHandle(`scripted/${job}`).result()).toMatchObject({ state: 'COMPLETED' });
      return provider.asked.filter((name) => name === job).length === 1;
    });
  });

  it('answers the query `job` with what it knows', async () => {
    const { job, handle } = await submit();
    expect(await handle.query('job')).toMatchObject({ provider: 'scripted', job, phase: 'waiting', deliveries: [] });
  });

  it('notifies nobody, and ends, when it was tracked for nobody', async () => {
    run.provider.says(SUCCEEDED);
    const handle = await run.client.workflow.start('job', {
      taskQueue: run.config.temporal.taskQueue,
      workflowId: `scripted/${randomUUID()}`,
      args: [{ provider: 'scripted', job: 'by-hand', subscriptions: [] }],
    });
    expect(await handle.result()).toMatchObject({ state: 'COMPLETED', deliveries: [] });
  });

  it.each([
    ['names no job', 'nonsense'],
    ['names no endpoints', { provider: 'scripted', job: 'by-hand', subscriptions: ['orders'] }],
    [
      'has a deadline that is no time',
      { provider: 'scripted', job: 'j', subscriptions: [], overdue_after_seconds: '1m' },
    ],
    [
      'has a deadline that no timer holds',
      { provider: 'scripted', job: 'j', subscriptions: [], overdue_after_seconds: 1e300 },
    ],
    ['knows half a status', { provider: 'scripted', job: 'j', subscriptions: [], initial: { state: 'RUNNING' } }],
    ['has no rules', { provider: 'scripted', job: 'j', subscriptions: [], rules: null }],
    [
      'has rules with a time that is none',
      { provider: 'scripted', job: 'j', subscriptions: [], rules: { truth: 'provider', safety_seconds: 'soon' } },
    ],
    ['makes up what a run hands on', { provider: 'scripted', job: 'j', subscriptions: [], carried: {} }],
    ['has a key that is no text', { provider: 'scripted', job: 'j', subscriptions: [], idempotency_key: {} }],
  ])('fails at once, saying why, when it is started by hand with an argument that %s', async (_what, argument) => {
    const handle = await run.client.workflow.start('job', {
      taskQueue: run.config.temporal.taskQueue,
      workflowId: randomUUID(),
      args: [argument],
    });
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'InvalidJobInput' } });
  });
});

describe('a job that nobody hints', () => {
  const runs = useRealRuns();
  it('is found to have ended, and adds no history event however often its provider is asked', async () => {
    const orders = await runs.receiver();
    const provider = scriptedProvider({ poll: { firstMs: 100, factor: 1, maxMs: 100 } });
    const run = await runs.start({ provider, endpoints: [{ name: 'orders', url: orders.url }] });
    const job = randomUUID();
    await run.jobs.submit({ provider: 'scripted', job, endpoints: ['orders'] });
    const handle = run.client.workflow.getHandle(`scripted/${job}`);
    await eventually('the provider is asked more than 2 times', () => provider.asked.length > 2);
    const before = await eventTypes(handle);
    await eventually('the provider is asked more than 8 times', () => provider.asked.length > 8);
    expect(await eventTypes(handle)).toEqual(before);

    provider.says(SUCCEEDED);
    await handle.result();
    expect((await run.jobs.get('scripted', job)).completed_by).toBe('poll');
    expect((await eventTypes(handle)).length).toBeLessThanOrEqual(before.length + 20);
  });

  it('stops asking once the end is known by another way, while endpoints are still being notified', async () => {
    const orders = await runs.receiver();
    orders.answer(500);
    const provider = scriptedProvider({ poll: { firstMs: 300, factor: 1, maxMs: 300 } });
    const retry = { firstMs: 400, factor: 1, maxMs: 400, forMs: 60_000 };
    const run = await runs.start({ provider, endpoints: [{ name: 'orders', url: orders.url, retry }] });
    const job = randomUUID();
    await run.jobs.submit({ provider: 'scripted', job, endpoints: ['orders'] });
    const handle = run.client.workflow.getHandle(`scripted/${job}`);
    await eventually('the provider is asked more than 0 times', () => provider.asked.length > 0);
    provider.says(SUCCEEDED);
    await handle.signal('completion');
    await eventually('it is asked no more, for as long as four attempts take', async () => {
      const [asked, tried] = [provider.asked.length, orders.received.length];
      await eventually('there are more attempts', () => orders.received.length > tried + 4);
      return provider.asked.length === asked;
    });

    orders.answer(200);
    await handle.result();
  });
});
