import { randomUUID } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';
import { pendingActivities } from '../../src/client/pending-activities';
import { eventTypes } from '../support/event-types';
import { eventually } from '../support/eventually';
import { type RealRun, startRealRun } from '../support/real-run';
import { RUNNING, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';

const MANY = 25;

describe('what the first look at a job saw, where many are looked at at once,', () => {
  let run: RealRun;
  let reports: jest.SpyInstance;
  /** Until when every first look takes. */
  let looksUntil: Promise<void> | undefined;

  const start = async (poll = { firstMs: 60_000 }) => {
    const provider = scriptedProvider({ poll });
    const getJobStatus: typeof provider.getJobStatus = async (...question) => {
      const status = await provider.getJobStatus(...question);
      if (activityInfo().activityType === 'getJobStatus') await looksUntil;
      return status;
    };
    run = await startRealRun({ provider: { ...provider, getJobStatus } });
    run.provider.says(RUNNING);
    reports = jest.spyOn(run.client.activity, 'fail'); // Temporal's own, which goes on working
  };
  afterEach(() => run.stop());

  const submit = async (): Promise<string> => {
    const job = randomUUID();
    await run.jobs.submit({ provider: 'scripted', job, endpoints: [] });
    await eventually('the provider is asked', () => run.provider.asked.includes(job));
    return job;
  };
  /** @returns the last two that were looked at, in order, and what lets all looks end at once */
  const lookAtMany = async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    looksUntil = promise;
    await Promise.all(Array.from({ length: MANY }, submit));
    const [job, next] = run.provider.asked.slice(-2) as [string, string];
    return { job, next, end: resolve };
  };
  const handleOf = (job: string) => run.client.workflow.getHandle(`scripted/${job}`);
  /** A task token names the run that it is of. */
  const wasReportedLate = (job: string) =>
    (reports.mock.calls as [Uint8Array][]).some(([taskToken]) => Buffer.from(taskToken).includes(job));
  const wasReported = async (job: string) => {
    const [poll] = await pendingActivities(run.client, await handleOf(job).describe());
    return poll?.lastFailureType === 'NotEnded';
  };

  it('is reported a few seconds later, and then says when to ask again as if it had been at once', async () => {
    await start();
    const { job, end } = await lookAtMany();
    const lookedAt = Date.now();
    end();
    await eventually('others are reported at once', async () => wasReported(run.provider.asked[0] as string));
    expect(await run.jobs.get('scripted', job)).toMatchObject({ phase: 'waiting', state: 'PENDING' });
    expect(reports).not.toHaveBeenCalled();

    await eventually('it is reported', () => wasReported(job));
    expect(wasReportedLate(job)).toBe(true);
    expect(await run.jobs.get('scripted', job)).toMatchObject({ phase: 'waiting', state: 'RUNNING' });
    const [poll] = await pendingActivities(run.client, await handleOf(job).describe());
    const due = Date.parse(/asking again at (\S+)$/.exec(poll?.lastFailure ?? '')?.[1] ?? '');
    expect(Math.abs(due - lookedAt - 60_000)).toBeLessThan(1_000);
  });

  it('is never reported of a job that has ended by then', async () => {
    await start();
    const { job, next, end } = await lookAtMany();
    end();
    await eventually('others are reported at once', () => wasReported(run.provider.asked[0] as string));
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    expect(await handleOf(job).result()).toMatchObject({ state: 'COMPLETED', completed_by: 'signal' });
    await eventually('the next one is reported', () => wasReportedLate(next));
    expect(wasReportedLate(job)).toBe(false);
  });

  it('is never reported of a job that was seen to end meanwhile', async () => {
    await start();
    const { job, next, end } = await lookAtMany();
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    await handleOf(job).result();
    end();
    await eventually('the next one is reported', () => wasReportedLate(next));
    expect(wasReportedLate(job)).toBe(false);
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
    end();
    await eventually('others are reported at once', () => wasReported(run.provider.asked[2] as string));
    expect(await activityEvents(job)).toEqual(usual);
    expect(wasReportedLate(job)).toBe(true);
  });

  it('is reported at once where the next look is due before that', async () => {
    await start({ firstMs: 1_000 });
    const { job, end } = await lookAtMany();
    end();
    await eventually('it is reported', () => wasReported(job));
    expect(reports).not.toHaveBeenCalled();
  });
});
