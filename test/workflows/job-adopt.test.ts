import { randomUUID } from 'node:crypto';
import { NAMESPACE } from '../../src/domain/identity';
import { uuidV5 } from '../../src/domain/uuid';
import { eventually } from '../support/eventually';
import { startImpatientTemporal } from '../support/impatient-temporal';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { RealTemporal } from '../support/real-temporal';
import type { TestReceiver } from '../support/receiver';
import { SUCCEEDED, scriptedProvider } from '../support/scripted-provider';

const real = useRealRuns();
let audit: TestReceiver;
let orders: TestReceiver;

/** Jobs that nobody submitted notify `audit`. */
const start = async (more?: Parameters<typeof real.start>[0]): Promise<RealRun> => {
  audit = await real.receiver();
  orders = await real.receiver();
  const run = await real.start({
    ...more,
    provider: scriptedProvider({ track: { auto: true, endpoints: ['audit'] } }),
    endpoints: [
      {
        name: 'audit',
        url: audit.url,
        events: ['job.running', 'job.succeeded'],
        retry: { firstMs: 500, factor: 1, maxMs: 500, forMs: 3600_000 },
      },
      { name: 'orders', url: orders.url, events: ['job.running', 'job.succeeded'] },
    ],
  });
  waitForWorkers(run);
  return run;
};

/** A submission that no worker takes in within three seconds is refused as unavailable, which a busy machine may need. */
const waitForWorkers = ({ client }: RealRun) => {
  const withDeadline = client.withDeadline.bind(client);
  client.withDeadline = (deadline, call) => withDeadline(Math.max(Number(deadline), Date.now() + 60_000), call);
};

/** A job that a hint has begun to track. */
const tracked = async ({ jobs, provider }: RealRun): Promise<string> => {
  const job = randomUUID();
  await jobs.complete('scripted', job);
  await eventually('the provider is asked', () => provider.asked.includes(job));
  return job;
};
const submission = (job: string) => ({
  provider: 'scripted',
  job,
  endpoints: ['orders'] as [string],
  idempotency_key: 'K',
  correlation_id: 'C',
  metadata: { order: 7 },
  labels: { team: 'x' },
});
const ids = ({ received }: TestReceiver) => received.map(({ headers }) => headers['webhook-id']);
const types = ({ received }: TestReceiver) => received.map(({ json }) => json.type);

describe('a run begun by tracking', () => {
  it('takes no submission with which it would have more than a hundred endpoints', async () => {
    const run = await start();
    const job = await tracked(run);
    const endpoints = Array.from({ length: 100 }, (_, i) => ({ url: `https://e${i}.example.com/` }));
    const submitted = run.jobs.submit({ ...submission(job), endpoints: endpoints as unknown as [string] });
    await expect(submitted).rejects.toMatchObject({ status: 422, faults: [{ pointer: '/endpoints' }] });
    expect((await run.jobs.submit(submission(job))).created).toBe(true);
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    await run.client.workflow.getHandle(`scripted/${job}`).result();
  });

  it('takes the first submission as its own, and no other', async () => {
    const run = await start();
    run.provider.says({ state: 'QUEUED', provider_state: 'JOB_STATE_QUEUED' });
    const job = await tracked(run);
    const first = await run.jobs.submit(submission(job));
    expect(first.created).toBe(true);
    expect(first.job).toMatchObject({ idempotency_key: 'K', correlation_id: 'C', labels: { team: 'x' } });
    const again = await run.jobs.submit(submission(job));
    expect([again.created, again.job.run_id]).toEqual([false, first.job.run_id]);
    await expect(run.jobs.submit({ ...submission(job), correlation_id: 'D' })).rejects.toMatchObject({ status: 409 });

    const handle = run.client.workflow.getHandle(`scripted/${job}`);
    const { searchAttributes } = await handle.describe();
    expect(searchAttributes['JobEndpoint']).toEqual(['audit', 'orders']);
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    await handle.result();
    const id = uuidV5(NAMESPACE, JSON.stringify(['scripted', job, 'K', 'job.succeeded']));
    expect([ids(audit), ids(orders)]).toEqual([[id], [id]]);
    expect(orders.received[0]?.json.data).toMatchObject({
      correlation_id: 'C',
      metadata: { order: 7 },
      labels: { team: 'x' },
    });
  });

  it('answers one of many submissions at once with 201', async () => {
    const run = await start();
    const job = await tracked(run);
    const answers = await Promise.all(Array.from({ length: 5 }, () => run.jobs.submit(submission(job))));
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
  });

  it('sends an added endpoint the event that the others got when the job began to run', async () => {
    const run = await start();
    const job = await tracked(run);
    await eventually('audit is notified', () => audit.received.length === 1);
    await run.jobs.submit(submission(job));
    await eventually('orders is notified', () => orders.received.length === 1);
    expect(types(orders)).toEqual(['job.running']);
    expect(ids(orders)).toEqual(ids(audit));
    expect(orders.received[0]?.json.data).toMatchObject({ sequence: 1, correlation_id: 'C' });
    expect(audit.received).toHaveLength(1);
  });

  it('notifies an added endpoint of the end while it is still notifying another', async () => {
    const run = await start();
    audit.answer(503);
    run.provider.says(SUCCEEDED);
    const job = await tracked(run);
    await eventually('audit is tried', () => audit.received.length > 0);
    expect((await run.jobs.submit(submission(job))).created).toBe(true);
    await eventually('orders is notified', () => orders.received.length === 1);
    const seen = await eventually('its delivery is recorded', async () => {
      const view = await run.jobs.get('scripted', job);
      return view.deliveries.some(({ state }) => state === 'delivered') && view;
    });
    expect(seen).toMatchObject({
      phase: 'notifying',
      idempotency_key: 'K',
      deliveries: [
        { endpoint: 'audit', state: 'pending' },
        { endpoint: 'orders', state: 'delivered' },
      ],
    });
    audit.answer(204);
    await run.client.workflow.getHandle(`scripted/${job}`).result();
    expect(new Set([...ids(audit), ...ids(orders)]).size).toBe(1);
    expect(new Set(audit.received.map(({ body }) => body)).size).toBe(1);
  });

  it('notifies an added endpoint after it is closed, by a run of its own', async () => {
    const run = await start();
    run.provider.says(SUCCEEDED);
    const job = await tracked(run);
    await run.client.workflow.getHandle(`scripted/${job}`).result();
    const answers = await Promise.all([1, 2, 3].map(() => run.jobs.submit(submission(job))));
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    await eventually('orders is notified', () => orders.received.length === 1);
    expect(ids(orders)).toEqual(ids(audit));
    expect(orders.received[0]?.json.data).toMatchObject({ sequence: 1, correlation_id: 'C', metadata: { order: 7 } });
    const seen = await eventually('the delivery is shown', async () => {
      const view = await run.jobs.get('scripted', job);
      return view.phase === 'done' && view;
    });
    expect(seen).toMatchObject({
      idempotency_key: 'K',
      correlation_id: 'C',
      labels: { team: 'x' },
      deliveries: [
        { endpoint: 'audit', state: 'delivered' },
        { endpoint: 'orders', state: 'delivered', attempt_count: 1 },
      ],
    });
    expect((await run.jobs.submit(submission(job))).created).toBe(false);
    await expect(run.jobs.submit({ ...submission(job), metadata: {} })).rejects.toMatchObject({ status: 409 });

    await run.jobs.redeliver('scripted', job, { endpoint: 'orders' });
    await eventually('it is redelivered', () => orders.received.length === 2);
    expect(orders.received[1]?.body).toBe(orders.received[0]?.body);
    expect(audit.received).toHaveLength(1);
  });

  it('notifies an endpoint once that both name', async () => {
    const run = await start();
    run.provider.says(SUCCEEDED);
    const job = await tracked(run);
    await run.client.workflow.getHandle(`scripted/${job}`).result();
    const both = { provider: 'scripted', job, endpoints: ['audit', 'orders'] as [string, string] };
    expect((await run.jobs.submit(both)).created).toBe(true);
    await eventually('orders is notified', () => orders.received.length === 1);
    expect(audit.received).toHaveLength(1);
  });

  it('refuses an update that is no submission', async () => {
    const run = await start();
    const job = await tracked(run);
    const handle = run.client.workflow.getHandle(`scripted/${job}`);
    await expect(handle.executeUpdate('adopt', { args: [{ subscriptions: 'all' }] })).rejects.toThrow();
    expect((await run.jobs.submit(submission(job))).created).toBe(true);
  });
});

describe('a run begun by tracking whose history grows long', () => {
  let temporal: RealTemporal;

  beforeAll(async () => {
    temporal = await startImpatientTemporal({ events: 40 });
  });
  afterAll(() => temporal.close());

  it('keeps what it has adopted', async () => {
    const run = await start({ temporal });
    const job = await tracked(run);
    await run.jobs.submit(submission(job));
    const handle = run.client.workflow.getHandle(`scripted/${job}`);
    const { runId } = await handle.describe();
    await eventually('it is continued', async () => {
      await handle.signal('heartbeat', { heartbeat_deadline_seconds: 3600 });
      return (await handle.describe()).runId !== runId;
    });
    expect((await run.jobs.submit(submission(job))).created).toBe(false);
    await expect(run.jobs.submit({ ...submission(job), labels: {} })).rejects.toMatchObject({ status: 409 });
    await eventually('orders is notified that it runs', () => orders.received.length === 1);
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    await handle.result();
    expect(types(orders)).toEqual(['job.running', 'job.succeeded']);
    expect(orders.received[1]?.json.data).toMatchObject({ correlation_id: 'C' });
  });
});
