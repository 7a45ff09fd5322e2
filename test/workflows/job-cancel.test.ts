import { eventually } from '../support/eventually';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { TestReceiver } from '../support/receiver';
import { type ScriptedProvider, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';

const CANCELED = { state: 'CANCELED', provider_state: 'JOB_STATE_CANCELLED' } as const;

describe('cancelling a job', () => {
  const runs = useRealRuns();
  let run: RealRun;
  let orders: TestReceiver;

  const submit = async (provider: ScriptedProvider) => {
    orders = await runs.receiver();
    run = await runs.start({ provider, endpoints: [{ name: 'orders', url: orders.url }] });
    return run.submit('orders');
  };

  it('asks the provider to cancel it, and publishes job.canceled when the provider says that it is', async () => {
    const provider = scriptedProvider();
    const { job, handle } = await submit(provider);
    await run.jobs.cancel('scripted', job);
    await eventually('the provider is asked to cancel', () => provider.canceled.includes(job));
    expect((await handle.describe()).status.name).toBe('RUNNING');

    provider.says(CANCELED);
    await handle.signal('completion');
    expect(await handle.result()).toMatchObject({ state: 'CANCELED' });
    expect(orders.received.map(({ json }) => json.type)).toEqual(['job.canceled']);
  });

  it('believes the provider when the job succeeded all the same', async () => {
    const provider = scriptedProvider();
    const { job, handle } = await submit(provider);
    provider.says(SUCCEEDED);
    await run.jobs.cancel('scripted', job);
    expect(await handle.result()).toMatchObject({ state: 'COMPLETED' });
  });

  it('stops watching, and publishes job.canceled, where the provider cannot cancel', async () => {
    const { job, handle } = await submit(scriptedProvider({ cancel: 'unsupported' }));
    await run.jobs.cancel('scripted', job);
    expect(await handle.result()).toMatchObject({ state: 'CANCELED', reason: 'CANCELED_BY_REQUEST' });
    expect(orders.received.map(({ json }) => json.type)).toEqual(['job.canceled']);
  });

  it('watches on where the provider refuses to cancel', async () => {
    const provider = scriptedProvider({ cancel: 'denies' });
    const { job, handle } = await submit(provider);
    await run.jobs.cancel('scripted', job);
    await eventually('the refusal is in the run', async () => {
      const { events } = await handle.fetchHistory();
      return events?.some((event) => JSON.stringify(event).includes('activityTaskCompleted'));
    });
    provider.says(SUCCEEDED);
    await handle.signal('completion');
    expect(await handle.result()).toMatchObject({ state: 'COMPLETED' });
  });

  it('does not hold up the end of the job where the provider is slow to cancel it', async () => {
    let release = () => {};
    const untilReleased = new Promise<void>((resolve) => (release = resolve));
    const provider = Object.assign(scriptedProvider(), { cancelJob: () => untilReleased });
    const { job, handle } = await submit(provider);
    await run.jobs.cancel('scripted', job);
    await eventually('the provider is asked to cancel', async () => {
      const { pendingActivities } = (await handle.describe()).raw;
      return pendingActivities?.some(({ activityType }) => activityType?.name === 'cancelJob');
    });
    provider.says(SUCCEEDED);
    await handle.signal('completion');
    await eventually('its end is notified', () => orders.received.length > 0).finally(release);
    expect(await handle.result()).toMatchObject({ state: 'COMPLETED' });
  });

  it('loses no delivery when it comes while endpoints are being notified', async () => {
    const provider = scriptedProvider();
    const { job, handle } = await submit(provider);
    orders.answer((before) => (before < 2 ? 503 : 204), { 'retry-after': '1' });
    provider.says(SUCCEEDED);
    await handle.signal('completion');
    await eventually('the first attempt failed', () => orders.received.length > 0);
    await run.jobs.cancel('scripted', job);
    expect(await handle.result()).toMatchObject({
      state: 'COMPLETED',
      deliveries: [{ state: 'delivered', attempt_count: 3 }],
    });
    expect(provider.canceled).toEqual([]);
  });
});
