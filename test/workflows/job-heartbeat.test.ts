import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import { RUNNING, SUCCEEDED } from '../support/scripted-provider';

describe('the heartbeat deadline', () => {
  const runs = useRealRuns({ endAfter: 'all' });
  let run: RealRun;
  beforeAll(async () => {
    run = await runs.start();
  });

  const start = async (heartbeat_deadline_seconds?: number) => {
    run.provider.says(RUNNING);
    const job = randomUUID();
    const handle = await run.client.workflow.start('job', {
      taskQueue: run.config.temporal.taskQueue,
      workflowId: `scripted/${job}`,
      args: [{ provider: 'scripted', job, subscriptions: [], heartbeat_deadline_seconds }],
    });
    const asked = () => run.provider.asked.filter((name) => name === job).length;
    await eventually('the provider is asked', () => asked() === 1);
    return { handle, asked };
  };

  it('has the provider asked at once when it is missed from submission on', async () => {
    const { handle } = await start(1);
    run.provider.says(SUCCEEDED);
    expect(await handle.result()).toMatchObject({ completed_by: 'heartbeat', state: 'COMPLETED' });
  });

  it('is replaced by a heartbeat: a later one postpones it', async () => {
    const { handle, asked } = await start(2);
    await handle.signal('heartbeat', { heartbeat_deadline_seconds: 3600 });
    await eventually('a timer was started', async () => (await timersOf(handle)).length > 0);
    await eventually('the first timer has fired', async () => (await timersFired(handle)) === 1);
    expect(asked()).toBe(1);
    await handle.terminate();
  });

  it('is replaced by a heartbeat: an earlier one brings it forward', async () => {
    const { handle } = await start(3600);
    run.provider.says(SUCCEEDED);
    await handle.signal('heartbeat', { heartbeat_deadline_seconds: 1 });
    expect(await handle.result()).toMatchObject({ completed_by: 'heartbeat' });
  });

  it('stays where a hint comes that finds the job unfinished', async () => {
    const { handle, asked } = await start(3);
    await handle.signal('completion');
    await eventually('the hint is followed', () => asked() === 2);
    run.provider.says(SUCCEEDED);
    expect(await handle.result()).toMatchObject({ completed_by: 'heartbeat' });
  });

  it('is missed once for one silence, and again only after another heartbeat', async () => {
    const { handle, asked } = await start(1);
    await eventually('the provider is asked for the silence', () => asked() === 2);
    await handle.signal('heartbeat', { heartbeat_deadline_seconds: 1 });
    await eventually('the provider is asked for the second silence', () => asked() === 3);
    run.provider.says(SUCCEEDED);
    await handle.signal('completion');
    expect(await handle.result()).toMatchObject({ completed_by: 'signal' });
  });

  it('starts with a heartbeat where the submission named none', async () => {
    const { handle } = await start();
    run.provider.says(SUCCEEDED);
    await handle.signal('heartbeat', { heartbeat_deadline_seconds: 0.5 });
    expect(await handle.result()).toMatchObject({ completed_by: 'heartbeat' });
  });
});

type Handle = Awaited<ReturnType<RealRun['client']['workflow']['start']>>;

/** The safety timer apart, which is of hours. */
async function timersOf(handle: Handle) {
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter((event) => {
    const timer = event.timerStartedEventAttributes;
    return timer && Number(timer.startToFireTimeout?.seconds) <= 3600;
  });
}

async function timersFired(handle: Handle) {
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter((event) => event.timerFiredEventAttributes).length;
}
