import { redeliveryWorkflowId } from '../../src/domain/redelivery';
import { createEngine } from '../../src/engine';
import { verifyWebhook } from '../../src/receiver';
import { type EngineWithWorker, engineWithWorker, received } from '../support/engine-with-worker';
import { eventually } from '../support/eventually';
import { RUNNING, SUCCEEDED } from '../support/scripted-provider';
import { TEST_SECRET } from '../support/test-config';

let engine: EngineWithWorker;

beforeAll(async () => {
  engine = await engineWithWorker();
});
afterAll(() => engine.stop());
beforeEach(() => engine.provider.says(RUNNING));

describe('jobs straight to Temporal', () => {
  it('are redelivered after their end: the same bytes under the same webhook-id', async () => {
    const { job } = await engine.finished(['orders', 'audit']);
    await engine.jobs.redeliver('scripted', job, { endpoint: 'orders' });
    const [first, second] = await eventually('it came again', () => {
      const requests = received(engine.orders, job);
      return requests.length === 2 && requests;
    });
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    verifyWebhook({ headers: second?.headers ?? {}, body: second?.body ?? '', secrets: [TEST_SECRET] });
    expect(received(engine.audit, job).map(({ json }) => json.type)).not.toContain(undefined);
  });

  it('are redelivered while they are open, event by event', async () => {
    const { job } = await engine.submitted(['audit']);
    await eventually('job.running was notified', () => received(engine.audit, job).length === 1);
    await eventually('its delivery is settled', async () => {
      const { deliveries } = await engine.jobs.get('scripted', job);
      return deliveries[0]?.state === 'delivered';
    });
    await engine.jobs.redeliver('scripted', job, { event: 'job.running' });
    const [first, second] = await eventually('it came again', () => {
      const requests = received(engine.audit, job);
      return requests.length === 2 && requests;
    });
    expect(second?.body).toBe(first?.body);
    expect(await engine.jobs.get('scripted', job)).toMatchObject({ phase: 'waiting', outcome: null });
    engine.provider.says(SUCCEEDED);
    await engine.jobs.complete('scripted', job);
    await engine.ended(job);
  });

  it('refuse to redeliver what they have not sent', async () => {
    const { job } = await engine.finished();
    for (const [pointer, request] of [
      ['/endpoint', { endpoint: 'audit' }],
      ['/endpoint', { endpoint: 'nowhere' }],
      ['/event', { event: 'job.failed' as const }],
      ['/event', { endpoint: 'orders', event: 'job.failed' as const }],
    ] as const) {
      await expect(engine.jobs.redeliver('scripted', job, request)).rejects.toMatchObject({
        code: 'unprocessable',
        message: expect.stringContaining('orders job.succeeded'),
        faults: [{ pointer }],
      });
    }
    expect(received(engine.orders, job)).toHaveLength(1);
  });

  it('show what was made again of their deliveries, and are left to do until that is delivered', async () => {
    engine.provider.says(SUCCEEDED);
    engine.impatient.answer(500);
    const { job } = await engine.submitted(['impatient']);
    await engine.jobs.complete('scripted', job);
    const before = await engine.ended(job);
    expect(before).toMatchObject({ deliveries: [{ state: 'exhausted' }], redeliveries: [] });
    const query = `WorkflowId = 'scripted/${job}'`;
    const leftToDo = async () => (await engine.jobs.list({ query, unrepaired: true })).jobs.length;
    await eventually('it is left to do', async () => (await leftToDo()) === 1);

    const redelivered = (count: number) =>
      eventually('it was made again', async () => {
        const { redeliveries } = await engine.jobs.get('scripted', job);
        return redeliveries.length === count && redeliveries.every(({ state }) => state !== 'pending') && redeliveries;
      });
    await engine.jobs.redeliver('scripted', job);
    // How many fit into its retry window depends on the machine.
    const attempts = expect.arrayContaining([expect.objectContaining({ number: 1, status: 500 })]);
    expect(await redelivered(1)).toMatchObject([
      { endpoint: 'impatient', state: 'exhausted', delivery: before.deliveries[0]?.id, attempts },
    ]);
    expect(await leftToDo()).toBe(1);

    engine.impatient.answer(204);
    await engine.jobs.redeliver('scripted', job, { endpoint: 'impatient' });
    const [first, second] = await redelivered(2);
    expect([first?.state, second?.state]).toEqual(['exhausted', 'delivered']);
    expect(second?.id).not.toBe(first?.id);
    await eventually('nothing is left to do', async () => (await leftToDo()) === 0);
    expect((await engine.jobs.list({ query })).jobs).toHaveLength(1);

    // Once Temporal has deleted the first, as of a job that was open for longer than its retention.
    const { client, config, provider } = engine;
    const temporal = { ...config.temporal, retentionMs: 0 };
    const later = createEngine({
      client,
      config: { ...config, temporal },
      providers: new Map([[provider.name, provider]]),
    });
    const workflowId = redeliveryWorkflowId(`scripted/${job}`, 1);
    const { namespace } = client.options;
    await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
    const shown = async () => (await later.jobs.get('scripted', job)).redeliveries.map(({ id }) => id);
    await eventually('only the second is shown', async () => {
      const ids = await shown();
      return ids.length === 1 && ids[0] === second?.id;
    });
    expect((await later.jobs.list({ query, unrepaired: true })).jobs).toEqual([]);
    await later.jobs.redeliver('scripted', job, { endpoint: 'impatient' });
    expect(await shown()).toEqual([second?.id, workflowId]);
  });

  it('leave a delivery that is still being tried alone when redelivered', async () => {
    const earlier = await engine.finished();
    engine.provider.says(RUNNING);
    engine.orders.answer(503);
    const { job } = await engine.submitted(['patient']);
    engine.provider.says(SUCCEEDED);
    await engine.jobs.complete('scripted', job);
    const seen = await eventually('an attempt has failed', async () => {
      const view = await engine.jobs.get('scripted', job);
      return view.deliveries[0]?.attempts.length === 1 && view;
    });
    expect(seen).toMatchObject({ phase: 'notifying', outcome: 'COMPLETED' });
    expect(seen.deliveries[0]).toMatchObject({
      state: 'pending',
      attempts: [{ number: 1, status: 503, next_attempt: expect.any(String) }],
    });
    engine.orders.answer(204);
    await engine.jobs.redeliver('scripted', job);
    // What is redelivered later has come, so anything wrong would have come before it.
    await engine.jobs.redeliver('scripted', earlier.job);
    await eventually('the later one came', () => received(engine.orders, earlier.job).length === 2);
    expect(received(engine.orders, job)).toHaveLength(1);
    await engine.client.workflow.getHandle(`scripted/${job}`).terminate('the test is over');
  });
});
