import { randomUUID } from 'node:crypto';
import type { Connection, WorkflowHandle } from '@temporalio/client';
import { eventTypes } from '../support/event-types';
import { eventually } from '../support/eventually';
import { startImpatientTemporal } from '../support/impatient-temporal';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { RealTemporal } from '../support/real-temporal';
import type { TestReceiver } from '../support/receiver';
import { RUNNING, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';

/** On a server that asks for a new run after few events, so that days of heartbeats pass in seconds. */
describe('a run whose history grows long', () => {
  const runs = useRealRuns();
  let temporal: RealTemporal;
  let run: RealRun;
  let orders: TestReceiver;

  beforeAll(async () => {
    temporal = await startImpatientTemporal({ events: 40 });
  });
  afterAll(() => temporal.close());

  beforeEach(async () => {
    orders = await runs.receiver();
  });

  const start = async (poll = {}) => {
    run = await runs.start({
      temporal,
      provider: scriptedProvider({ poll }),
      endpoints: [
        {
          name: 'orders',
          url: orders.url,
          events: ['job.running', 'job.succeeded'],
          retry: { firstMs: 1000, factor: 1, maxMs: 1000, forMs: 3600_000 },
          timeoutMs: 120_000, // one of them holds an attempt while the history grows
        },
      ],
    });
    const job = randomUUID();
    await run.jobs.submit({
      provider: 'scripted',
      job,
      endpoints: ['orders'],
      idempotency_key: 'K',
      correlation_id: 'C',
    });
    await eventually('the provider is asked', () => run.provider.asked.length > 0);
    return { job, first: run.client.workflow.getHandle(`scripted/${job}`) };
  };

  /** Sends heartbeats until the run has been continued `times` times. */
  const growOld = async (handle: WorkflowHandle, times: number) => {
    const runs = new Set<string>();
    await eventually(`continued ${times} times`, async () => {
      await handle.signal('heartbeat', { heartbeat_deadline_seconds: 3600 });
      runs.add((await handle.describe()).runId);
      return runs.size > times;
    });
  };

  it('goes on in a new run, and still completes by a signal', async () => {
    const { job, first } = await start();
    const { runId: firstRun } = await first.describe();
    await growOld(first, 3);
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    await first.result();
    expect(orders.received.map(({ json }) => json.type).at(-1)).toBe('job.succeeded');
    // The trace that its first run has begun.
    expect(orders.received.at(-1)?.headers['traceparent']).toContain(firstRun.replaceAll('-', ''));
    expect(await run.jobs.get('scripted', job)).toMatchObject({
      phase: 'done',
      idempotency_key: 'K',
      correlation_id: 'C',
      completed_by: 'signal',
    });
  });

  it('loses no signal that comes in at the change', async () => {
    const { job, first } = await start();
    run.provider.says(RUNNING);
    let sent = 0;
    const send = async () => {
      await run.jobs.complete('scripted', job, { idempotency_key: `hint-${++sent}` });
      await first.signal('heartbeat', { heartbeat_deadline_seconds: 3600 });
    };
    for (let i = 0; i < 25; i++) await Promise.all([send(), send()]);
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job, { idempotency_key: 'the last' });
    await first.result();
    expect(orders.received.filter(({ json }) => json.type === 'job.succeeded')).toHaveLength(1);
  });

  it('lets its end overtake an attempt that is under way, however long the history grows meanwhile', async () => {
    orders.answer(503);
    const release = orders.hold();
    const { job, first } = await start();
    await eventually('job.running is under way', () => orders.received.length === 1);
    const { runId } = await first.describe();
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    await eventually('it has ended', async () => (await run.jobs.get('scripted', job)).state === 'COMPLETED');
    await eventually('its history is long', async () => {
      await first.signal('heartbeat', { heartbeat_deadline_seconds: 3600 });
      const now = await first.describe();
      return now.runId !== runId || now.historyLength > 80;
    });
    orders.answer(204);
    release();
    await first.result();
    // An attempt whose worker stands still is made once more.
    const events = orders.received.map(({ json }) => json.type);
    expect([...new Set(events)]).toEqual(['job.running', 'job.succeeded']);
    expect(events.at(-1)).toBe('job.succeeded');
    expect((await run.jobs.get('scripted', job)).deliveries).toMatchObject([
      { event: 'job.running', state: 'gone', reason: 'overtaken' },
      { event: 'job.succeeded', state: 'delivered' },
    ]);
  });

  it('takes a pending delivery along: its bytes, its id and its attempts', async () => {
    orders.answer(503);
    const { job, first } = await start();
    await eventually('job.running was tried twice', () => orders.received.length >= 2);
    await growOld(first, 2);
    await eventually('job.running is tried on', () => orders.received.length >= 5);
    orders.answer(204);
    const { deliveries } = await eventually('job.running is delivered', async () => {
      const view = await run.jobs.get('scripted', job);
      return view.deliveries[0]?.state === 'delivered' && view;
    });
    expect(new Set(orders.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(orders.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(deliveries[0]?.attempt_count).toBeGreaterThanOrEqual(4);
    expect(deliveries[0]?.attempts.map(({ number }) => number)).toEqual(
      Array.from({ length: deliveries[0]?.attempt_count ?? 0 }, (_, i) => i + 1),
    );
    run.provider.says(SUCCEEDED);
    await first.signal('completion');
    await first.result();
    expect(orders.received.at(-1)?.json.type).toBe('job.succeeded');
  });

  it('can redeliver what an earlier of its runs has sent', async () => {
    const { job, first } = await start();
    await eventually('job.running is notified', () => orders.received.length === 1);
    await growOld(first, 2);
    await run.jobs.redeliver('scripted', job, { endpoint: 'orders', event: 'job.running' });
    await eventually('it is sent again', () => orders.received.length === 2);
    expect(orders.received[1]?.body).toBe(orders.received[0]?.body);
    expect(orders.received[1]?.headers['webhook-id']).toBe(orders.received[0]?.headers['webhook-id']);
    await first.terminate();
  });

  it('remembers the keys of hints it has followed', async () => {
    const { first } = await start();
    await first.signal('completion', { idempotency_key: 'once' });
    await eventually('the hint is followed', () => run.provider.asked.length === 2);
    await growOld(first, 1);
    await first.signal('completion', { idempotency_key: 'once' });
    await first.signal('completion', { idempotency_key: 'another' });
    await eventually('the other hint is followed', () => run.provider.asked.length === 3);
    run.provider.says(SUCCEEDED);
    await first.signal('completion');
    await first.result();
    expect(run.provider.asked).toHaveLength(4);
  });

  it('goes on while it notifies endpoints, too', async () => {
    const { job, first } = await start();
    orders.answer(503);
    run.provider.says(SUCCEEDED);
    await first.signal('completion');
    await eventually('the end was tried', () => orders.received.some(({ json }) => json.type === 'job.succeeded'));
    await growOld(first, 1);
    expect(await run.jobs.get('scripted', job)).toMatchObject({ phase: 'notifying', outcome: 'COMPLETED' });
    orders.answer(204);
    await first.result();
    expect(
      new Set(orders.received.filter(({ json }) => json.type === 'job.succeeded').map(({ body }) => body)).size,
    ).toBe(1);
    expect((await run.jobs.get('scripted', job)).deliveries.at(-1)).toMatchObject({ state: 'delivered' });
  });

  /** Lets descriptions of a run wait until `release` is called. */
  const holdDescriptions = ({ workflowService }: Connection, workflowId: string) => {
    const { describeWorkflowExecution } = workflowService;
    let isAsked = false;
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    Object.assign(workflowService, {
      async describeWorkflowExecution(...args: Parameters<typeof describeWorkflowExecution>) {
        if ((args[0] as { execution?: { workflowId?: string } }).execution?.workflowId === workflowId) {
          isAsked = true;
          await released;
        }
        return describeWorkflowExecution.apply(workflowService, args);
      },
    });
    return {
      isAsked: () => isAsked,
      release() {
        Object.assign(workflowService, { describeWorkflowExecution });
        release();
      },
    };
  };

  it('lets its end overtake what is pending, also where Temporal is slow to say how far that has come', async () => {
    orders.answer((_before, { json }) => (json.type === 'job.running' ? 503 : 204));
    run = await runs.start({
      temporal,
      endpoints: [
        { name: 'orders', url: orders.url, retry: { firstMs: 1000, factor: 1, maxMs: 1000, forMs: 3600_000 } },
      ],
    });
    const job = randomUUID();
    const handle = await run.client.workflow.start('job', {
      taskQueue: run.config.temporal.taskQueue,
      workflowId: `scripted/${job}`,
      workflowTaskTimeout: '1 second', // so that it hears of what happens while it reads
      args: [
        {
          provider: 'scripted',
          job,
          subscriptions: [{ endpoint: 'orders', events: ['job.running', 'job.succeeded'], format: 'standard' }],
          rules: { truth: 'messages' },
        },
      ],
    });
    const letAnswer = orders.hold();
    await handle.signal('statusReport', { status: 'RUNNING' });
    await eventually('job.running is under way', () => orders.received.length > 0);
    const descriptions = holdDescriptions(temporal.connection, handle.workflowId);
    await eventually('the run is about to continue as new', async () => {
      await handle.signal('heartbeat', { heartbeat_deadline_seconds: 3600 });
      return descriptions.isAsked();
    });
    await handle.signal('statusReport', { status: 'COMPLETED' });
    const first = run.client.workflow.getHandle(handle.workflowId, handle.firstExecutionRunId);
    const has = async (type: string) => (await eventTypes(first)).includes(type);
    await eventually('it has heard of the end', () => has('activityTaskCancelRequested')).finally(descriptions.release);
    await eventually('it has read how far the delivery is', () => has('markerRecorded')).finally(letAnswer);
    await eventually('the end is notified', () => orders.received.some(({ json }) => json.type === 'job.succeeded'));
    await handle.result();
  });
});
