import { randomUUID } from 'node:crypto';
import type { WebhookEndpoint } from '../../src/config/config';
import { endpointPauseWorkflowId } from '../../src/domain/endpoint-pause';
import { createEndpoints, type Endpoints } from '../../src/engine';
import { verifyWebhook } from '../../src/receiver';
import { eventually } from '../support/eventually';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { TestReceiver } from '../support/receiver';
import { SUCCEEDED } from '../support/scripted-provider';
import { TEST_SECRET } from '../support/test-config';

const HOUR = 60 * 60 * 1000;
const RETRY = { firstMs: 200, factor: 1, maxMs: 1000, forMs: 60_000 };

describe('a paused endpoint', () => {
  const runs = useRealRuns();
  let run: RealRun;
  let endpoints: Endpoints;
  let orders: TestReceiver;
  let operators: TestReceiver;
  /** Endpoints of one name share their pause on one server, so each test has its own. */
  let name: string;

  const begin = async (options: Partial<WebhookEndpoint> = {}) => {
    name = `orders-${randomUUID().slice(0, 8)}`;
    run = await runs.start({
      endpoints: [
        { name, url: orders.url, retry: RETRY, ...options },
        { name: 'operators', url: operators.url },
      ],
      operations: 'operators',
    });
    endpoints = createEndpoints(run.client, run.config);
    run.provider.says(SUCCEEDED);
  };
  const submit = async () => {
    const job = randomUUID();
    await run.jobs.submit({ provider: 'scripted', job, endpoints: [name] });
    return { job, handle: run.client.workflow.getHandle(`scripted/${job}`) };
  };
  const pendingFailure = async (handle: Awaited<ReturnType<typeof submit>>['handle']) =>
    (await handle.describe()).raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'deliver')
      ?.lastFailure?.message ?? '';

  beforeEach(async () => {
    orders = await runs.receiver();
    operators = await runs.receiver();
  });

  it('keeps its deliveries pending without dialling, and gets them after it is resumed', async () => {
    await begin();
    await eventually('one arrives long before it would look again by itself', async () => {
      const before = orders.received.length;
      expect(await endpoints.pause(name)).toMatchObject({ state: 'paused', reason: 'an operator paused it' });
      const { job, handle } = await submit();
      await eventually('the delivery waits', async () => (await pendingFailure(handle)).includes('is paused'));
      expect(orders.received).toHaveLength(before);
      expect((await run.jobs.get('scripted', job)).deliveries).toMatchObject([
        { state: 'pending', attempts: [], reason: expect.stringContaining('is paused: an operator paused it') },
      ]);

      expect(await endpoints.resume(name)).toMatchObject({ state: 'active' });
      const resumedAt = performance.now();
      await eventually('the delivery arrives', () => orders.received.length === before + 1);
      const tookMs = performance.now() - resumedAt;
      expect(await handle.result()).toMatchObject({ deliveries: [{ state: 'delivered', attempt_count: 1 }] });
      return tookMs < 15_000;
    });
    const pause = run.client.workflow.getHandle(endpointPauseWorkflowId(name));
    await eventually('its run completes', async () => (await pause.describe()).status.name === 'COMPLETED');
  });

  it('gets nothing from the answer on, though its worker has just known it as active', async () => {
    await begin();
    await (await submit()).handle.result();
    await endpoints.pause(name);
    const { handle } = await submit();
    await eventually('the delivery waits', async () => (await pendingFailure(handle)).includes('is paused'));
    expect(orders.received).toHaveLength(1);
    await handle.terminate();
  });

  it('gets what waits after a failed attempt when it is resumed, though nobody paused it', async () => {
    await begin({ retry: { ...RETRY, firstMs: HOUR, maxMs: HOUR, forMs: 24 * HOUR } });
    orders.answer(401);
    const { handle } = await submit();
    await eventually('it waits', async () => (await pendingFailure(handle)).includes('HTTP 401'));
    orders.answer(204);
    await endpoints.resume(name);
    expect(await handle.result()).toMatchObject({
      deliveries: [{ state: 'delivered', attempt_count: 2, attempts: [{ number: 1, status: 401 }, { number: 2 }] }],
    });
    expect(orders.received).toHaveLength(2);
  });

  it('gets what waits of a message that belongs to no job when it is resumed', async () => {
    await begin({ retry: { ...RETRY, firstMs: HOUR, maxMs: HOUR, forMs: 24 * HOUR } });
    orders.answer(500);
    await endpoints.test(name);
    await eventually('it waits', () => orders.received.length === 1);
    orders.answer(204);
    // Until the failed attempt is recorded it is under way, and left alone.
    await eventually('it came again', async () => {
      await endpoints.resume(name);
      return orders.received.length > 1;
    });
  });

  it('is active as soon as it is resumed, without a worker, which later completes its run', async () => {
    await begin();
    await endpoints.pause(name);
    await run.stopWorker();
    expect(await endpoints.resume(name)).toMatchObject({ state: 'active' });
    expect(await endpoints.pause(name)).toMatchObject({ state: 'paused', reason: 'an operator paused it' });
    expect(await endpoints.resume(name)).toMatchObject({ state: 'active' });
    const { handle } = await submit();
    await run.startWorker();
    expect(await handle.result()).toMatchObject({ deliveries: [{ state: 'delivered', attempt_count: 1 }] });
    const pause = run.client.workflow.getHandle(endpointPauseWorkflowId(name));
    await eventually('the pause is over', async () => (await pause.describe()).status.name === 'COMPLETED');
  });

  it('was paused by its own 410, whose delivery is gone, and operators are notified once', async () => {
    await begin();
    orders.answer(410);
    const first = await submit();
    expect(await first.handle.result()).toMatchObject({ deliveries: [{ state: 'gone' }] });
    expect(await endpoints.get(name)).toMatchObject({ state: 'paused', reason: expect.stringContaining('410') });

    const second = await submit();
    await eventually('the next delivery waits', async () =>
      (await pendingFailure(second.handle)).includes('is paused'),
    );
    expect(orders.received).toHaveLength(1);
    await eventually('operators are notified', () => operators.received.length === 1);
    expect(operators.received[0]?.json).toMatchObject({ type: 'endpoint.paused', data: { endpoint: name } });
    await second.handle.terminate();
  });

  it('was paused by webhook-delivery: disable, and that delivery stays pending', async () => {
    await begin();
    orders.answer(503, { 'webhook-delivery': 'disable' });
    const { job, handle } = await submit();
    await eventually('it is paused', async () => (await endpoints.get(name)).state === 'paused');
    await eventually('the delivery waits', async () => (await pendingFailure(handle)).includes('paused'));
    const { deliveries } = await run.jobs.get('scripted', job);
    expect(deliveries).toMatchObject([{ state: 'pending', attempt_count: 1 }]);
    expect(orders.received).toHaveLength(1);
    await handle.terminate();
  });

  it('is not paused by webhook-delivery: abort-message, which ends only that delivery', async () => {
    await begin();
    orders.answer(400, { 'webhook-delivery': 'abort-message' });
    expect(await (await submit()).handle.result()).toMatchObject({ deliveries: [{ state: 'gone' }] });
    expect((await endpoints.get(name)).state).toBe('active');
  });

  it('is not paused by failing: its delivery is exhausted, and operators are notified', async () => {
    await begin({ retry: { ...RETRY, forMs: 1000 } });
    orders.answer(500);
    const { job, handle } = await submit();
    expect(await handle.result()).toMatchObject({ deliveries: [{ state: 'exhausted' }] });
    expect((await endpoints.get(name)).state).toBe('active');
    await eventually('operators are notified', () => operators.received.length === 1);
    expect(operators.received[0]?.json).toMatchObject({
      type: 'delivery.exhausted',
      data: { job, endpoint: name, event: 'job.succeeded', last_error: 'HTTP 500' },
    });
  });

  it('can be paused and resumed twice without harm', async () => {
    await begin();
    await endpoints.pause(name);
    expect(await endpoints.pause(name)).toMatchObject({ state: 'paused' });
    await endpoints.resume(name);
    expect(await endpoints.resume(name)).toMatchObject({ state: 'active' });
    expect(await endpoints.pause(name)).toMatchObject({ state: 'paused' });
    await endpoints.resume(name);
  });

  it('may be one that only a submission knows, and is resumed and tested like any other', async () => {
    await begin();
    orders.answer(410);
    const job = randomUUID();
    const inline = { url: `${orders.url}?key=secret`, secret: 'orders', format: 'cloudevents' as const };
    await run.jobs.submit({ provider: 'scripted', job, endpoints: [inline] });
    await run.client.workflow.getHandle(`scripted/${job}`).result();
    const [delivery] = (await run.jobs.get('scripted', job)).deliveries;
    const inlineName = delivery?.endpoint ?? '';

    await eventually('the index knows it', () =>
      endpoints.get(inlineName).then(
        () => true,
        () => false,
      ),
    );
    expect(await endpoints.get(inlineName)).toMatchObject({ url: orders.url, format: 'cloudevents', state: 'paused' });
    expect(await endpoints.resume(inlineName)).toMatchObject({ name: inlineName, state: 'active' });
    orders.answer(204);
    await endpoints.test(inlineName);
    await eventually('the test arrives', () => orders.received.length === 2);
    const [, request] = orders.received;
    verifyWebhook({ headers: request?.headers ?? {}, body: request?.body ?? '', secrets: [TEST_SECRET] });
    expect(request?.json).toMatchObject({ type: 'endpoint.test', data: { endpoint: inlineName } });
  });

  it.each(['nobody', 'inline-000000000000'])('is not there by the name %s, which no job uses', async (unknown) => {
    await begin();
    await expect(endpoints.get(unknown)).rejects.toMatchObject({ code: 'not_found' });
    await expect(endpoints.resume(unknown)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('gets one signed endpoint.test when it is tested', async () => {
    await begin();
    await endpoints.test(name);
    await eventually('the test arrives', () => orders.received.length === 1);
    const [request] = orders.received;
    verifyWebhook({ headers: request?.headers ?? {}, body: request?.body ?? '', secrets: [TEST_SECRET] });
    expect(request?.json).toMatchObject({ type: 'endpoint.test', data: { endpoint: name } });
  });

  it('shows its URL without user and query', async () => {
    await begin({ url: `${orders.url}?token=secret` });
    expect((await endpoints.get(name)).url).toBe(orders.url);
  });
});
