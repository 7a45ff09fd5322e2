import { randomUUID } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';
import { eventTypes } from '../support/event-types';
import { eventually } from '../support/eventually';
import { pendingPoll } from '../support/pending-poll';
import { type RealRun, startRealRun } from '../support/real-run';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { RUNNING, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';

const MANY = 25;
const RETRY = { firstMs: 300, factor: 1, maxMs: 300, forMs: 60_000 };

describe('what the first look at a job saw, where many are looked at at once,', () => {
  let temporal: RealTemporal;
  let orders: TestReceiver;
  let run: RealRun;
  let reports: jest.SpyInstance;
  /** Until when every first look takes. */
  let looksUntil: Promise<void> | undefined;
  let stop: () => Promise<void>;

  const start = async (poll = { firstMs: 60_000 }) => {
    const provider = scriptedProvider({ poll });
    const getJobStatus: typeof provider.getJobStatus = async (...question) => {
      const status = await provider.getJobStatus(...question);
      if (activityInfo().activityType === 'getJobStatus') await looksUntil;
      return status;
    };
    run = await startRealRun({
      temporal,
      endpoints: [{ name: 'orders', url: orders.url, retry: RETRY }],
      provider: { ...provider, getJobStatus },
    });
    let stopped: Promise<void> | undefined;
    stop = () => (stopped ??= run.stop());
    run.provider.says(RUNNING);
    reports = jest.spyOn(run.client.activity, 'fail'); // Temporal's own, which goes on working
  };
  beforeEach(async () => {
    temporal = await connectRealTemporal();
    orders = await startReceiver();
  });
  afterEach(async () => {
    await stop();
    await orders.close();
    await temporal.close();
  });

  const submit = async (): Promise<string> => {
    const job = randomUUID();
    await run.jobs.submit({ provider: 'scripted', job, endpoints: ['orders'] });
    await eventually('the provider is asked', () => run.provider.asked.includes(job));
    return job;
  };
  /** @returns the last two that were looked at, in order, and what lets all looks end at once */
  const lookAtMany = async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    looksUntil = promise;
    await Promise.all(Array.from({ length: MANY }, submit));
    const [first, ...others] = run.provider.asked.slice(-MANY) as [string, ...string[]];
    const [job, next] = others.slice(-2) as [string, string];
    const end = async () => {
      resolve();
      await eventually('the first one is reported at once', () => wasReported(first));
    };
    return { job, next, end };
  };
  const handleOf = (job: string) => run.client.workflow.getHandle(`scripted/${job}`);
  /** A task token names the run that it is of. */
  const wasReportedLate = (job: string) =>
    (reports.mock.calls as [Uint8Array][]).some(([taskToken]) => Buffer.from(taskToken).includes(job));
  const wasReported = async (job: string) => (await pendingPoll(run.client, job))?.lastFailureType === 'NotEnded';

  it('is reported a few seconds later, and then says when to ask again as if it had been at once', async () => {
    await start();
    const { job, end } = await lookAtMany();
    const lookedAt = Date.now();
    await end();
    expect(await run.jobs.get('scripted', job)).toMatchObject({ phase: 'waiting', state: 'PENDING' });
    expect(wasReportedLate(job)).toBe(false);

    await eventually('it is reported', () => wasReported(job));
    expect(wasReportedLate(job)).toBe(true);
    expect(await run.jobs.get('scripted', job)).toMatchObject({ phase: 'waiting', state: 'RUNNING' });
    const said = (await pendingPoll(run.client, job))?.lastFailure;
    const due = Date.parse(/asking again at (\S+)$/.exec(said ?? '')?.[1] ?? '');
    expect(Math.abs(due - lookedAt - 60_000)).toBeLessThan(1_000);
  });

  it('is never reported of a job whose end has been told by then', async () => {
    await start();
    const { job, next, end } = await lookAtMany();
    await end();
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    expect(await handleOf(job).result()).toMatchObject({ state: 'COMPLETED', completed_by: 'signal' });
    await eventually('the next one is reported', () => wasReportedLate(next));
    expect(wasReportedLate(job)).toBe(false);
  });

  it('is reported in the end of a job whose end is not told by then, so that its attempt is not missed', async () => {
    await start();
    orders.answer(503);
    const { job, end } = await lookAtMany();
    await end();
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    await eventually('it is reported', () => wasReported(job));
    expect(await run.jobs.get('scripted', job)).toMatchObject({ phase: 'notifying', outcome: 'COMPLETED' });
  });

  it('is reported when the worker stops', async () => {
    await start();
    const { job, end } = await lookAtMany();
    await end();
    await stop();
    expect(wasReportedLate(job)).toBe(true);
    expect(await wasReported(job)).toBe(true);
  });

  it('is reported at once where a hint came too early, so that nobody watches twice', async () => {
    await start();
    const activityEvents = async (job: string) => {
      await run.jobs.complete('scripted', job);
      return eventually('it watches on', async () => {
        const types = (await eventTypes(handleOf(job))).filter((type) => type.startsWith('activityTask'));
        return types.filter((type) => type === 'activityTaskScheduled').length === 2 && types;
      });
    };
    const alone = await submit();
    await eventually('it is reported', () => wasReported(alone));
    const usual = await activityEvents(alone);

    const { job, end } = await lookAtMany();
    await end();
    expect(await activityEvents(job)).toEqual(usual);
    expect(wasReportedLate(job)).toBe(true);
  });

  it('is reported at once where the next look is due before that', async () => {
    await start({ firstMs: 1_000 });
    const { job, end } = await lookAtMany();
    await end();
    await eventually('it is reported', () => wasReported(job));
    expect(reports).not.toHaveBeenCalled();
  });
});
