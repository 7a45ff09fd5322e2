import { randomUUID } from 'node:crypto';
import type { JobResult } from '../../src/domain/job-run';
import { failedTasks } from '../support/event-types';
import { eventually } from '../support/eventually';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { TestReceiver } from '../support/receiver';
import { RUNNING, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';

const SOON = { firstMs: 500, factor: 1, maxMs: 500, forMs: 600_000 };
const SLOWLY = { withinMs: 300_000 };

/** A minute each on a machine with nothing else to do. */
jest.setTimeout(600_000);

/** What strangers can size: submissions, messages and keys. Temporal ends a run that is handed too much at once. */
describe('the end of a job, whatever its size', () => {
  const runs = useRealRuns();

  const resultOf = async (run: RealRun, job: string): Promise<JobResult> =>
    (await run.client.workflow.getHandle(`scripted/${job}`).result()) as JobResult;
  const ends = (receiver: TestReceiver, job: string) =>
    receiver.received.filter(
      ({ json }) => json.data?.['job'] === job && json.data['state'] !== 'RUNNING' && json.data['state'] !== 'PENDING',
    );

  it('reaches 90 of 90 endpoints that were all down, with metadata of 16,000 quotes', async () => {
    const receiver = await runs.receiver();
    receiver.answer((before) => (before < 90 ? 503 : 204), { 'retry-after': '1' });
    const run = await runs.start();
    const job = randomUUID();
    const endpoints = Array.from({ length: 90 }, (_, i) => ({ url: `${receiver.url}/${i}` }));
    const metadata = { q: '"'.repeat(16_000) };
    await run.jobs.submit({ provider: 'scripted', job, endpoints: endpoints as [{ url: string }], metadata });
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);

    const result = await resultOf(run, job);
    expect(result.deliveries_settled).toEqual({ delivered: 90, gone: 0, exhausted: 0 });
    expect(result.deliveries).toHaveLength(50);
    const view = await run.jobs.get('scripted', job);
    expect(view).toMatchObject({ phase: 'done', deliveries_settled: { delivered: 90 } });
    expect(view.deliveries).toHaveLength(50);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(receiver.received[0]?.json.data?.['metadata']).toEqual(metadata);
  });

  it('reaches 9 of 9 endpoints with a message of 240 KB, which is cut', async () => {
    const receiver = await runs.receiver();
    const run = await runs.start({ provider: scriptedProvider({ rules: { truth: 'messages' } }) });
    const job = randomUUID();
    const endpoints = Array.from({ length: 9 }, (_, i) => ({ url: `${receiver.url}/${i}` }));
    await run.jobs.submit({ provider: 'scripted', job, endpoints: endpoints as [{ url: string }] });
    const message = 'é'.repeat(120_000);
    await run.jobs.report('scripted', job, { notification_type: 'STATUS', status: 'FAILED', message });

    expect(await resultOf(run, job)).toMatchObject({ state: 'FAILED', deliveries_settled: { delivered: 9 } });
    const cut = `${'é'.repeat(4096)} … (${240_000 - 8192} bytes more)`;
    for (const { json } of receiver.received) {
      expect(json.data).toMatchObject({ message: cut, error: { message: cut } });
    }
    expect(receiver.received).toHaveLength(9);
  });

  it('reaches a healthy endpoint after 60 reports of 100 KB, while another is down', async () => {
    const down = await runs.receiver();
    const healthy = await runs.receiver();
    down.answer(503);
    const events = ['job.running', 'job.progress', 'job.succeeded'] as const;
    const run = await runs.start({
      provider: scriptedProvider({ rules: { truth: 'messages' } }),
      endpoints: [
        { name: 'down', url: down.url, events, retry: SOON },
        { name: 'healthy', url: healthy.url, events },
      ],
    });
    const job = randomUUID();
    await run.jobs.submit({ provider: 'scripted', job, endpoints: ['down', 'healthy'] });
    const report = (status: 'RUNNING' | 'COMPLETED', percentage_completed: number) =>
      run.jobs.report('scripted', job, {
        notification_type: 'STATUS',
        status,
        message: 'm'.repeat(100_000),
        progress: { percentage_completed },
      });
    for (let i = 1; i <= 60; i++) await report('RUNNING', i);
    await report('COMPLETED', 100);
    await eventually('the healthy one is notified', () => ends(healthy, job).length === 1, SLOWLY);

    const seen = await eventually(
      'the end is pending for the other one',
      async () => {
        const view = await run.jobs.get('scripted', job);
        return view.deliveries.filter(({ state }) => state === 'pending').length === 1 && view;
      },
      { ...SLOWLY, show: () => run.jobs.get('scripted', job) },
    );
    expect(seen).toMatchObject({ phase: 'notifying', state: 'COMPLETED' });
    expect(seen.deliveries.length).toBeLessThanOrEqual(51);
    const overtaken = seen.deliveries.filter(({ reason }) => reason === 'overtaken');
    expect(overtaken.length).toBeGreaterThan(0);
    expect(new Set(overtaken.map(({ state }) => state))).toEqual(new Set(['gone']));
    const handle = run.client.workflow.getHandle(`scripted/${job}`);
    await eventually('visibility follows', async () => {
      const { jobs } = await run.jobs.list({
        query: `WorkflowId = 'scripted/${job}' AND DeliveryState = 'pending:down'`,
      });
      return jobs[0]?.delivery_states.join() === 'delivered,pending';
    });
    expect(await failedTasks(handle)).toEqual([]);
    down.answer(204);
    const { deliveries_settled: counts } = await resultOf(run, job);
    expect(ends(down, job)).not.toHaveLength(0);
    // Of each of 62 events one to each endpoint, whatever became of it.
    expect(counts.delivered + counts.gone).toBe(2 * 62);
    expect(counts).toMatchObject({ exhausted: 0 });
    expect(seen.deliveries_settled.delivered + seen.deliveries_settled.gone).toBe(2 * 62 - 1);
  });

  it('is reported after 1,900 heartbeats with keys of 990 characters of three bytes', async () => {
    const receiver = await runs.receiver();
    const run = await runs.start({ endpoints: [{ name: 'orders', url: receiver.url }] });
    const { job, handle } = await run.submit('orders');
    const beat = (i: number) =>
      run.jobs.heartbeat('scripted', job, {
        idempotency_key: String(i).padStart(990, '€'),
        heartbeat_deadline_seconds: 3600,
      });
    for (let i = 0; i < 1900; i += 50) await Promise.all(Array.from({ length: 50 }, (_, k) => beat(i + k)));
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    expect(await handle.result()).toMatchObject({ state: 'COMPLETED', deliveries_settled: { delivered: 1 } });
  });
});

describe('progress that an endpoint cannot take', () => {
  const runs = useRealRuns();

  it('waits in one place, and gives way to what is newer: the endpoint hears the newest when it is back', async () => {
    const receiver = await runs.receiver();
    receiver.answer(503);
    const run = await runs.start({
      endpoints: [
        {
          name: 'orders',
          url: receiver.url,
          events: ['job.progress', 'job.succeeded'],
          retry: SOON,
          timeoutMs: 120_000, // the first attempt is held until all the others are there
        },
      ],
    });
    run.provider.says({ state: 'PENDING', provider_state: 'P' });
    const { job, handle } = await run.submit('orders');
    const progress = async (percentage_completed: number) => {
      run.provider.says({ ...RUNNING, progress: { percentage_completed } });
      await run.jobs.complete('scripted', job);
      await eventually('it is known', async () => {
        const { progress: known } = await run.jobs.get('scripted', job);
        return known?.['percentage_completed'] === percentage_completed;
      });
    };
    const release = receiver.hold();
    await progress(10);
    await eventually('the first is being tried', () => receiver.received.length === 1);
    for (const percentage of [20, 30, 40]) await progress(percentage);

    const { deliveries, deliveries_settled } = await eventually('two have given way', async () => {
      const view = await run.jobs.get('scripted', job);
      return view.deliveries_settled.gone === 2 && view;
    });
    expect(deliveries_settled).toEqual({ delivered: 0, gone: 2, exhausted: 0 });
    expect(deliveries.filter(({ state }) => state === 'pending')).toHaveLength(2);
    expect(deliveries.filter(({ state }) => state === 'gone').map(({ reason }) => reason)).toEqual([
      'overtaken',
      'overtaken',
    ]);

    release(); // the attempt under way is not cut short, and fails; nobody needs another one
    receiver.answer(204);
    await eventually('the newest is heard', () => receiver.received.length === 2);
    const heard = receiver.received.map(({ json }) => json.data?.['progress']);
    expect(heard).toEqual([{ percentage_completed: 10 }, { percentage_completed: 40 }]);
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    expect(await handle.result()).toMatchObject({ deliveries_settled: { delivered: 2, gone: 3, exhausted: 0 } });
    const { searchAttributes } = await handle.describe();
    expect(searchAttributes['DeliveryState']).toEqual(['delivered']);
  });
});
