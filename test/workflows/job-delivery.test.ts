import { randomUUID } from 'node:crypto';
import type { EndpointChoice, Submission } from '../../schemas/types';
import { createNameResolver } from '../../src/channels/webhook/guard/name-resolver';
import type { WebhookEndpoint } from '../../src/config/config';
import { ENDPOINT_DEFAULTS } from '../../src/config/defaults';
import { eventTypes } from '../support/event-types';
import { eventually } from '../support/eventually';
import { startNameServer } from '../support/name-server';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { TestReceiver } from '../support/receiver';
import { SUCCEEDED } from '../support/scripted-provider';

const SOON = { firstMs: 200, factor: 1, maxMs: 2000, forMs: 60_000 };

describe('the deliveries of a run', () => {
  const runs = useRealRuns();
  let run: RealRun;
  let ordersName: string;
  let orders: TestReceiver;
  let audit: TestReceiver;

  const submit = async (orderOptions: Partial<WebhookEndpoint> = {}, endpoints = [ordersName, 'audit']) => {
    run = await runs.start({
      endpoints: [
        { name: ordersName, url: orders.url, retry: SOON, ...orderOptions },
        { name: 'audit', url: audit.url },
      ],
    });
    run.provider.says(SUCCEEDED);
    const job = randomUUID();
    await run.jobs.submit({ provider: 'scripted', job, endpoints });
    return { job, handle: run.client.workflow.getHandle(`scripted/${job}`) };
  };

  beforeEach(async () => {
    // An endpoint's pause is shared by everything on one server, and one of these tests pauses it.
    ordersName = `orders-${randomUUID().slice(0, 8)}`;
    orders = await runs.receiver();
    audit = await runs.receiver();
  });

  it('are retried with the same id and bytes until the endpoint takes them', async () => {
    orders.answer((before) => (before < 2 ? 500 : 200));
    const { job, handle } = await submit();
    await handle.result();
    const [first, second, third] = orders.received;
    expect(orders.received).toHaveLength(3);
    expect(new Set(orders.received.map(({ body }) => body)).size).toBe(1);
    expect(first?.headers['webhook-id']).toBe(third?.headers['webhook-id']);
    expect(second?.headers['idempotency-key']).toBe(first?.headers['webhook-id']);

    const { deliveries } = await run.jobs.get('scripted', job);
    expect(deliveries.find(({ endpoint }) => endpoint === ordersName)).toMatchObject({
      state: 'delivered',
      attempt_count: 3,
      attempts: [
        { number: 1, status: 500, error: 'HTTP 500', next_attempt: expect.any(String) },
        { number: 2, status: 500 },
        { number: 3, status: 200 },
      ],
    });
  });

  it('at inline endpoints that hang take twenty slots of a worker, and hold up nobody else', async () => {
    const hanging = [await runs.receiver(), await runs.receiver()];
    const release = hanging.map((receiver) => receiver.hold());
    run = await runs.start({ endpoints: [{ name: ordersName, url: orders.url }] });
    run.provider.says(SUCCEEDED);
    const submit = (endpoints: NonNullable<Submission['endpoints']>) =>
      run.jobs.submit({ provider: 'scripted', job: randomUUID(), endpoints });
    const inline = Array.from({ length: 40 }, (_, i) => ({ url: `${hanging[i % 2]?.url}?${i}` }));
    await Promise.all(inline.map((url) => submit([url])));
    // Of those that have come, as an attempt that hangs for too long gives its slot to another.
    const underWay = () => hanging.reduce((sum, receiver) => sum + receiver.underWay(), 0);
    await eventually('twenty are under way', () => underWay() === 20);

    await submit([ordersName]);
    await eventually('the configured endpoint is notified', () => orders.received.length === 1);
    expect(underWay()).toBeLessThanOrEqual(20);
    for (const each of release) each();
    const jobs = () => new Set(hanging.flatMap(({ received }) => received.map(({ json }) => json.data?.['job'])));
    await eventually('all are notified', () => jobs().size === 40);
  });

  it('hold no slot while names are looked up whose nameserver never answers', async () => {
    const nameServer = await startNameServer(() => 'silence');
    const resolver = createNameResolver({ servers: [nameServer.address], timeoutMs: 60_000 });
    const hook = await runs.receiver();
    run = await runs.start({ endpoints: [{ name: ordersName, url: orders.url }], resolver });
    run.provider.says(SUCCEEDED);
    const submit = async (endpoint: EndpointChoice) => {
      const job = randomUUID();
      await run.jobs.submit({ provider: 'scripted', job, endpoints: [endpoint] });
      return job;
    };
    const jobs: string[] = [];
    for (let i = 0; i < 40; i++) jobs.push(await submit({ url: `https://silent-${i}.test/` }));
    await eventually('all names are asked for', () => new Set(nameServer.asked).size === 40);
    await submit({ url: hook.url });
    await submit(ordersName);
    await eventually('another inline endpoint is notified', () => hook.received.length === 1);
    await eventually('a configured endpoint is notified', () => orders.received.length === 1);
    await eventually('the job says what its delivery waits for', async () => {
      const { deliveries } = await run.jobs.get('scripted', jobs[0] ?? '');
      return deliveries[0]?.reason?.endsWith('is looked up');
    });
    await nameServer.close();
    for (const job of jobs) await run.client.workflow.getHandle(`scripted/${job}`).terminate();
  });

  it('add no history event for an attempt', async () => {
    orders.answer((before) => (before < 5 ? 500 : 200));
    const { handle } = await submit({}, [ordersName]);
    await handle.result();
    expect(orders.received).toHaveLength(6);
    expect((await eventTypes(handle)).length).toBeLessThanOrEqual(20);
  });

  it('show their attempts and the next one while they are pending', async () => {
    orders.answer(503);
    const { job } = await submit({ retry: { ...SOON, firstMs: 2000 } });
    const view = await eventually('an attempt is in the view', async () => {
      const job_ = await run.jobs.get('scripted', job);
      return job_.deliveries.some(({ state, attempts }) => state === 'pending' && attempts.length > 0) && job_;
    });
    expect(view).toMatchObject({ phase: 'notifying', state: 'COMPLETED', outcome: 'COMPLETED', completed_by: 'poll' });
    const pending = view.deliveries.find(({ endpoint }) => endpoint === ordersName);
    expect(pending?.attempts[0]).toMatchObject({ number: 1, status: 503 });
    const { time, next_attempt } = pending?.attempts[0] ?? {};
    expect(Date.parse(next_attempt ?? '')).toBeGreaterThan(Date.parse(time ?? ''));
    await eventually('the other endpoint was not held up', async () =>
      (await run.jobs.get('scripted', job)).deliveries.some(
        ({ endpoint, state }) => endpoint === 'audit' && state === 'delivered',
      ),
    );
    orders.answer(200);
    await run.client.workflow.getHandle(`scripted/${job}`).result();
  });

  it('wait as long as Retry-After says', async () => {
    orders.answer((before) => (before === 0 ? 429 : 200), { 'retry-after': '2' });
    const { handle, job } = await submit({}, [ordersName]);
    await handle.result();
    const [delivery] = (await run.jobs.get('scripted', job)).deliveries;
    const [first, second] = delivery?.attempts ?? [];
    expect(Date.parse(second?.time ?? '') - Date.parse(first?.time ?? '')).toBeGreaterThanOrEqual(2000);
  });

  it('end as gone after 410, and the run completes', async () => {
    orders.answer(410);
    const { handle } = await submit();
    expect(await handle.result()).toMatchObject({
      deliveries: expect.arrayContaining([
        expect.objectContaining({ endpoint: ordersName, state: 'gone', attempt_count: 1 }),
        expect.objectContaining({ endpoint: 'audit', state: 'delivered' }),
      ]),
    });
    expect(orders.received).toHaveLength(1);
  });

  it('end as exhausted when the window is over; the run completes and can be found', async () => {
    orders.answer(500);
    const { handle, job } = await submit({ retry: { firstMs: 200, factor: 1, maxMs: 200, forMs: 1500 } });
    const result = await handle.result();
    expect(result).toMatchObject({ state: 'COMPLETED' });
    const { deliveries } = await run.jobs.get('scripted', job);
    expect(deliveries.find(({ endpoint }) => endpoint === ordersName)?.state).toBe('exhausted');

    const found = await eventually('the run is found by its DeliveryState', async () => {
      const { jobs } = await run.jobs.list({ query: `DeliveryState = 'exhausted' AND WorkflowId = 'scripted/${job}'` });
      return jobs[0];
    });
    expect(found.delivery_states).toEqual(['delivered', 'exhausted']);
  });

  it('never dial an address that is not public, and say so', async () => {
    const { job } = await submit({ url: 'https://10.0.0.1/hook' });
    const attempt = await eventually('the attempt is in the view', async () => {
      const view = await run.jobs.get('scripted', job);
      return view.deliveries.find(({ endpoint }) => endpoint === ordersName)?.attempts[0];
    });
    expect(attempt.error).toMatch(/^blocked address 10\.0\.0\.1/);
    await run.client.workflow.getHandle(`scripted/${job}`).terminate();
  });

  it('wait, and are reported, while this worker has no channel of their endpoint', async () => {
    const topic = { brokers: ['127.0.0.1:1'], topic: 't', sasl: null, tls: false } as const;
    run = await runs.start({ endpoints: [{ ...ENDPOINT_DEFAULTS, name: 'status', type: 'kafka', ...topic }] });
    const job = randomUUID();
    run.provider.says(SUCCEEDED);
    await run.jobs.submit({ provider: 'scripted', job, endpoints: ['status'] });
    const handle = run.client.workflow.getHandle(`scripted/${job}`);
    await eventually('the failure is shown', async () => {
      const { raw } = await handle.describe();
      return raw.pendingActivities?.some(({ lastFailure }) => lastFailure?.message?.includes('has no channel kafka'));
    });
    await handle.terminate();
  });

  it('wait, and are reported, while their endpoint is missing from the configuration', async () => {
    run = await runs.start();
    const handle = await run.client.workflow.start('job', {
      taskQueue: run.config.temporal.taskQueue,
      workflowId: `scripted/${randomUUID()}`,
      args: [
        {
          provider: 'scripted',
          job: 'j',
          subscriptions: [{ endpoint: 'removed', events: ['job.succeeded'], format: 'standard' }],
        },
      ],
    });
    run.provider.says(SUCCEEDED);
    await handle.signal('completion');
    await eventually('the failure is shown', async () => {
      const { raw } = await handle.describe();
      return raw.pendingActivities?.some(({ lastFailure }) =>
        lastFailure?.message?.includes('endpoint removed is not in'),
      );
    });
    await handle.terminate();
  });
});
