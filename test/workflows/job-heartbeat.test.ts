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

  /** It runs at the first questions about a job, and has ended at the next. */
  const endsAfter = (questions: number) => run.provider.says((before) => (before < questions ? RUNNING : SUCCEEDED));

  /** What is done `within` so many seconds of the beginning of a run; on a slow machine it may come too late for the first of them. */
  const inTime = async (act: (within: number) => Promise<boolean>) => {
    for (const within of [2, 8, 30]) if (await act(within)) return;
    throw new Error('30 seconds were too few');
  };

  it('has the provider asked at once when it is missed from submission on', async () => {
    endsAfter(1);
    const { handle } = await start(1);
    expect(await handle.result()).toMatchObject({ completed_by: 'heartbeat', state: 'COMPLETED' });
  });

  it('is replaced by a heartbeat: a later one postpones it', async () => {
    run.provider.says(RUNNING);
    await inTime(async (within) => {
      const { handle, asked } = await start(within);
      await handle.signal('heartbeat', { heartbeat_deadline_seconds: 3600 });
      const isInTime = (await secondsToSignal(handle)) < within;
      await eventually('a timer was started', async () => (await timersOf(handle)).length > 0);
      await eventually('the first timer has fired', async () => (await timersFired(handle)) === 1);
      if (isInTime) expect(asked()).toBe(1);
      await handle.terminate();
      return isInTime;
    });
  });

  it('is replaced by a heartbeat: an earlier one brings it forward', async () => {
    endsAfter(1);
    const { handle } = await start(3600);
    await handle.signal('heartbeat', { heartbeat_deadline_seconds: 1 });
    expect(await handle.result()).toMatchObject({ completed_by: 'heartbeat' });
  });

  it('stays where a hint comes that finds the job unfinished', async () => {
    endsAfter(2);
    await inTime(async (within) => {
      const { handle } = await start(within);
      await handle.signal('completion');
      const isInTime = (await secondsToSignal(handle)) < within - 1; // a hint may wait a second for its question
      const result = await handle.result();
      if (isInTime) expect(result).toMatchObject({ completed_by: 'heartbeat' });
      return isInTime;
    });
  });

  it('is missed once for one silence, and again only after another heartbeat', async () => {
    run.provider.says(RUNNING);
    const { handle, asked } = await start(1);
    await eventually('the provider is asked for the silence', () => asked() === 2);
    await handle.signal('heartbeat', { heartbeat_deadline_seconds: 1 });
    await eventually('the provider is asked for the second silence', () => asked() === 3);
    run.provider.says(SUCCEEDED);
    await handle.signal('completion');
    expect(await handle.result()).toMatchObject({ completed_by: 'signal' });
  });

  it('starts with a heartbeat where the submission named none', async () => {
    endsAfter(1);
    const { handle } = await start();
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

/** How long after the beginning of the run its first signal came, by the clock of Temporal. */
async function secondsToSignal(handle: Handle): Promise<number> {
  const events = (await handle.fetchHistory()).events ?? [];
  const seconds = (event: (typeof events)[number] | undefined) =>
    Number(event?.eventTime?.seconds) + (event?.eventTime?.nanos ?? 0) / 1e9;
  return seconds(events.find((event) => event.workflowExecutionSignaledEventAttributes)) - seconds(events[0]);
}
