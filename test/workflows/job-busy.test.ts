import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { eventTypes } from '../support/event-types';
import { eventually } from '../support/eventually';
import { type RealRun, startRealRun } from '../support/real-run';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { RUNNING, SUCCEEDED } from '../support/scripted-provider';

const RETRY = { firstMs: 300, factor: 1, maxMs: 300, forMs: 60_000 };
const SHOWS = 'upsertWorkflowSearchAttributes';

describe('the end of a job whose endpoint is taking one delivery after another', () => {
  let orders: TestReceiver;
  let run: RealRun;

  beforeEach(async () => {
    orders = await startReceiver();
    run = await startRealRun({ endpoints: [{ name: 'orders', url: orders.url, retry: RETRY }] });
  });
  afterEach(async () => {
    await run.stop();
    await orders.close();
  });

  /** A job that was found running, and whose end is then hinted at. */
  const end = async (): Promise<WorkflowHandle> => {
    const job = randomUUID();
    run.provider.says(RUNNING);
    await run.jobs.submit({ provider: 'scripted', job, endpoints: ['orders'] });
    await eventually('the provider is asked', () => run.provider.asked.includes(job));
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    return run.client.workflow.getHandle(`scripted/${job}`);
  };
  const takeTen = async () => {
    for (let i = 0; i < 10; i++) await (await end()).result();
  };
  const shown = async (handle: WorkflowHandle) => {
    const { memo, typedSearchAttributes } = await handle.describe();
    const attributes = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]);
    return { ended: memo?.['ended'], ...Object.fromEntries(attributes) };
  };

  it('is shown to readers once, with its delivery', async () => {
    await takeTen();
    const handle = await end();
    await handle.result();
    const types = await eventTypes(handle);
    expect(types.filter((type) => type.includes(SHOWS))).toHaveLength(1);
    expect(types).toHaveLength(19);
    expect(await shown(handle)).toMatchObject({
      ended: undefined,
      JobState: 'COMPLETED',
      CompletedBy: 'signal',
      JobEndedAt: new Date(SUCCEEDED.ended_at ?? ''),
      DeliveryState: ['delivered'],
    });
  });

  it('is shown a moment later where the delivery is not taken then', async () => {
    await takeTen();
    orders.answer(503);
    const handle = await end();
    await eventually('the delivery was tried', () => orders.received.length > 10);
    // Whoever asks for the job knows at once, by its history.
    expect((await shown(handle)).ended).toBeUndefined();
    expect(await run.jobs.get('scripted', handle.workflowId.replace('scripted/', ''))).toMatchObject({
      phase: 'notifying',
      outcome: 'COMPLETED',
      completed_by: 'signal',
      artifacts: [expect.objectContaining({ uri: 'gs://bucket/out' })],
      deliveries: [expect.objectContaining({ event: 'job.succeeded', state: 'pending' })],
    });
    const seen = await eventually('the end is shown', async () => {
      const now = await shown(handle);
      return now['JobState'] === 'COMPLETED' && now;
    });
    expect(seen).toMatchObject({ ended: { status: { state: 'COMPLETED' } }, DeliveryState: ['pending'] });
    orders.answer(204);
    await handle.result();
    expect(await shown(handle)).toMatchObject({ JobState: 'COMPLETED', DeliveryState: ['delivered'] });
  });

  it('is shown at once as soon as one has not been taken', async () => {
    await takeTen();
    orders.answer((before) => (before === 10 ? 500 : 204));
    await (await end()).result();
    const handle = await end();
    await handle.result();
    const types = await eventTypes(handle);
    expect(types.filter((type) => type.includes(SHOWS))).toHaveLength(2);
    expect(types).toHaveLength(20);
  });
});
