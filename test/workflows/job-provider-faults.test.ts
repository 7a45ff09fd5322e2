import { randomUUID } from 'node:crypto';
import { ProviderError } from '../../src/providers/provider';
import { eventually } from '../support/eventually';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { TestReceiver } from '../support/receiver';
import { RUNNING, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';

const POLL = { firstMs: 100, factor: 1, maxMs: 100 };

describe('a provider that does not say how the job is', () => {
  const runs = useRealRuns();
  let run: RealRun;
  let orders: TestReceiver;

  const submit = async (answer: Error, lostAfterMs = 600_000, maxMs = POLL.maxMs) => {
    orders = await runs.receiver();
    const provider = scriptedProvider({ poll: { ...POLL, maxMs, lostAfterMs } });
    provider.says(answer);
    run = await runs.start({ provider, endpoints: [{ name: 'orders', url: orders.url }] });
    const job = randomUUID();
    await run.jobs.submit({ provider: 'scripted', job, endpoints: ['orders'] });
    return { job, handle: run.client.workflow.getHandle(`scripted/${job}`) };
  };
  const askedTimes = (times: number) =>
    eventually(`the provider is asked ${times} times`, () => run.provider.asked.length >= times);

  it('is asked again while it is unavailable', async () => {
    const { handle } = await submit(new ProviderError('unavailable', 'the service is overloaded'));
    await askedTimes(3);
    run.provider.says(SUCCEEDED);
    expect(await handle.result()).toMatchObject({ state: 'COMPLETED' });
  });

  it.each([
    ['as long as it wants', 120_000, 600_000, 120],
    ['no longer than poll.max', 3_600_000, 60_000, 60],
  ])('is left alone %s', async (_name, retryAfterMs, maxMs, seconds) => {
    const busy = new ProviderError('unavailable', 'HTTP 429', { retryAfterMs });
    const { handle } = await submit(busy, 600_000, maxMs);
    const message = await eventually('the next attempt has its time', async () => {
      const { pendingActivities } = (await handle.describe()).raw;
      return pendingActivities?.[0]?.lastFailure?.message ?? undefined;
    });
    const [, at = ''] = /asking again at (\S+)/.exec(message) ?? [];
    const wait = (Date.parse(at) - Date.now()) / 1000;
    expect(wait).toBeGreaterThan(seconds - 30);
    expect(wait).toBeLessThan(seconds + 2);
    expect(run.provider.asked).toHaveLength(1);
    await handle.terminate();
  });

  it('says what its answer leaves unknown to readers of the job, and to no endpoint', async () => {
    const { job, handle } = await submit(new ProviderError('unavailable', 'the service is overloaded'));
    run.provider.says({
      ...RUNNING,
      provider_state: 'dreaming',
      warnings: ['unknown state dreaming: treated as RUNNING'],
    });
    await run.jobs.complete('scripted', job);
    await eventually('the warning is shown', async () => {
      const { warnings, provider_state } = await run.jobs.get('scripted', job);
      return provider_state === 'dreaming' && warnings?.includes('unknown state dreaming: treated as RUNNING');
    });
    run.provider.says({ ...SUCCEEDED, warnings: ['3 outputs omitted'] });
    await run.jobs.complete('scripted', job);
    expect(await handle.result()).toMatchObject({ state: 'COMPLETED' });
    expect((await run.jobs.get('scripted', job)).warnings).toEqual(['3 outputs omitted']);
    expect(JSON.parse(orders.received.at(-1)?.body ?? '').data).not.toHaveProperty('warnings');
  });

  it('is asked again while it denies access, and the run shows it', async () => {
    const { job, handle } = await submit(new ProviderError('permission_denied', 'aiplatform.jobs.get is missing'));
    await askedTimes(3);
    const view = await run.jobs.get('scripted', job);
    expect(view.warnings).toEqual([expect.stringContaining('aiplatform.jobs.get is missing')]);
    run.provider.says(SUCCEEDED);
    expect(await handle.result()).toMatchObject({ state: 'COMPLETED' });
  });

  it('is not forgotten what it said before it became unavailable', async () => {
    orders = await runs.receiver();
    run = await runs.start({
      provider: scriptedProvider({ poll: POLL }),
      endpoints: [{ name: 'orders', url: orders.url }],
    });
    run.provider.says(RUNNING);
    const job = randomUUID();
    await run.jobs.submit({ provider: 'scripted', job, endpoints: ['orders'] });
    await eventually('it is running', async () => (await run.jobs.get('scripted', job)).state === 'RUNNING');
    run.provider.says(new ProviderError('unavailable', 'the service is overloaded'));
    await run.jobs.complete('scripted', job);
    const view = await eventually('the trouble is shown', async () => {
      const shown = await run.jobs.get('scripted', job);
      return shown.warnings && shown;
    });
    expect(view).toMatchObject({ state: 'RUNNING', provider_state: 'JOB_STATE_RUNNING' });
    run.provider.says(SUCCEEDED);
    await run.client.workflow.getHandle(`scripted/${job}`).result();
  });

  it('makes the job FAILED with reason LOST when it has not known the job for long enough', async () => {
    const { handle } = await submit(new ProviderError('not_found', 'no such job'), 1500);
    expect(await handle.result()).toMatchObject({
      state: 'FAILED',
      reason: 'LOST',
      provider_state: 'JOB_STATE_UNSPECIFIED',
    });
    expect(orders.received.map(({ json }) => json.type)).toEqual(['job.failed']);
  });

  it('does not lose a job that appears in time', async () => {
    const { job, handle } = await submit(new ProviderError('not_found', 'no such job'), 60_000);
    await askedTimes(2);
    const { warnings = [] } = await eventually('it says until when it waits', async () => {
      const view = await run.jobs.get('scripted', job);
      return view.warnings && view;
    });
    const [, at = ''] =
      /unless scripted knows it by (\S+), it ends as FAILED with reason LOST/.exec(warnings[0] ?? '') ?? [];
    expect(Math.abs(Date.parse(at) - Date.now() - 60_000)).toBeLessThan(30_000);
    run.provider.says(RUNNING);
    await askedTimes(4);
    run.provider.says(SUCCEEDED);
    expect(await handle.result()).toMatchObject({ state: 'COMPLETED' });
  });

  it('cannot be kept from losing a job by hints about it', async () => {
    const { handle } = await submit(new ProviderError('not_found', 'no such job'), 3000);
    const hints = setInterval(() => void handle.signal('completion').catch(() => undefined), 200);
    expect(await handle.result().finally(() => clearInterval(hints))).toMatchObject({ reason: 'LOST' });
  });

  it('is followed up after a hint that it could not answer', async () => {
    const { handle } = await submit(new ProviderError('unavailable', 'the service is overloaded'));
    await askedTimes(1);
    await handle.signal('completion');
    await askedTimes(3);
    run.provider.says(SUCCEEDED);
    expect(await handle.result()).toMatchObject({ state: 'COMPLETED' });
  });
});
