import { viewJob } from '../../src/engine/job-view';
import { type EngineWithWorker, engineWithWorker, received } from '../support/engine-with-worker';
import { eventually } from '../support/eventually';
import { RUNNING, SUCCEEDED } from '../support/scripted-provider';

let engine: EngineWithWorker;

beforeAll(async () => {
  engine = await engineWithWorker();
});
afterAll(() => engine.stop());
beforeEach(() => engine.provider.says(RUNNING));

describe('jobs straight to Temporal, after their end,', () => {
  it('are shown as they ended, with every delivery and attempt', async () => {
    const seen = await engine.finished();
    expect(seen).toMatchObject({
      state: 'COMPLETED',
      outcome: 'COMPLETED',
      provider_state: 'JOB_STATE_SUCCEEDED',
      completed_by: 'signal',
      artifacts: [{ uri: 'gs://bucket/out', type: 'GCS_DIRECTORY' }],
      ended_at: '2026-01-02T04:00:00Z',
      deliveries: [{ endpoint: 'orders', event: 'job.succeeded', state: 'delivered', attempt_count: 1 }],
    });
    const [delivery] = seen.deliveries;
    expect(delivery?.attempts).toEqual([
      expect.objectContaining({ number: 1, status: 204, duration_ms: expect.any(Number) }),
    ]);
    expect(received(engine.orders, seen.job)[0]?.headers['webhook-id']).toBe(delivery?.webhook_id);
  });

  it('are shown as they ended, or as they are being notified, also where they were described a moment before', async () => {
    engine.orders.answer(503);
    const { job } = await engine.submitted(['patient']);
    const described = await engine.client.workflow.getHandle(`scripted/${job}`).describe();
    engine.provider.says(SUCCEEDED);
    await engine.jobs.complete('scripted', job);
    const view = async () => viewJob(engine.client, engine.config, described);
    const ended = await eventually('it has ended', async () => {
      const seen = await view();
      return seen.state === 'COMPLETED' && seen;
    });
    expect(ended).toMatchObject({ phase: 'notifying', outcome: 'COMPLETED', completed_by: 'signal' });

    engine.orders.answer(204);
    await engine.jobs.retry('scripted', job, {});
    await engine.ended(job);
    expect(await view()).toMatchObject({ phase: 'done', outcome: 'COMPLETED', completed_by: 'signal' });
  });

  it('take a completion after their end without effect', async () => {
    const { job } = await engine.finished();
    const asked = engine.provider.asked.length;
    await engine.jobs.complete('scripted', job, { state: 'FAILED' });
    await engine.jobs.heartbeat('scripted', job, { heartbeat_deadline_seconds: 1 });
    await engine.jobs.cancel('scripted', job);
    expect(await engine.jobs.get('scripted', job)).toMatchObject({ outcome: 'COMPLETED', phase: 'done' });
    expect(engine.provider.asked).toHaveLength(asked);
    expect(engine.provider.canceled).not.toContain(job);
    expect(received(engine.orders, job)).toHaveLength(1);
  });

  it('answer the same submission after their end with the run there was', async () => {
    const seen = await engine.finished();
    const again = await engine.jobs.submit({ provider: 'scripted', job: seen.job, endpoints: ['orders'] });
    expect(again.created).toBe(false);
    expect(again.job).toEqual(seen);
    const other = engine.jobs.submit({ provider: 'scripted', job: seen.job, endpoints: ['audit'] });
    await expect(other).rejects.toMatchObject({ code: 'conflict' });
  });

  it('pass a wish to cancel on to the provider', async () => {
    const { job } = await engine.submitted();
    await engine.jobs.cancel('scripted', job);
    await eventually('the provider was asked to cancel', () => engine.provider.canceled.includes(job));
    engine.provider.says({ state: 'CANCELED', provider_state: 'JOB_STATE_CANCELLED' });
    await engine.jobs.complete('scripted', job);
    expect(await engine.ended(job)).toMatchObject({ outcome: 'CANCELED', deliveries: [{ event: 'job.canceled' }] });
  });

  it('are found by how they ended', async () => {
    const { job, workflow_id } = await engine.finished();
    const query = `JobState='COMPLETED' AND DeliveryState='delivered' AND WorkflowId='${workflow_id}'`;
    const found = await eventually('the job is in the list', async () => (await engine.jobs.list({ query })).jobs[0]);
    expect(found).toMatchObject({
      job,
      state: 'COMPLETED',
      phase: 'done',
      outcome: 'COMPLETED',
      completed_by: 'signal',
      delivery_states: ['delivered'],
    });
    expect(Date.parse(found.ended_at ?? '')).toBe(Date.parse('2026-01-02T04:00:00Z'));
  });
});
