import { randomUUID } from 'node:crypto';
import { pendingActivities } from '../../src/client/pending-activities';
import { eventTypes } from '../support/event-types';
import { eventually } from '../support/eventually';
import { type RealRun, startRealRun } from '../support/real-run';
import { RUNNING, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';

describe('what the first look at a job saw, where many are submitted at once,', () => {
  let run: RealRun;
  let reports: jest.SpyInstance;

  const start = async (firstMs: number) => {
    run = await startRealRun({ provider: scriptedProvider({ poll: { firstMs } }) });
    reports = jest.spyOn(run.client.activity, 'fail'); // Temporal's own, which goes on working
  };
  afterEach(() => run.stop());

  const submit = async (): Promise<string> => {
    const job = randomUUID();
    await run.jobs.submit({ provider: 'scripted', job, endpoints: [] });
    await eventually('the provider is asked', () => run.provider.asked.includes(job));
    return job;
  };
  const submitMany = async () => {
    run.provider.says(RUNNING);
    await Promise.all(Array.from({ length: 25 }, submit));
  };
  const handleOf = (job: string) => run.client.workflow.getHandle(`scripted/${job}`);
  /** A task token names the run that it is of. */
  const reportedLate = (job: string) =>
    (reports.mock.calls as [Uint8Array][]).some(([taskToken]) => Buffer.from(taskToken).includes(job));
  const wasReported = async (job: string) => {
    const [poll] = await pendingActivities(run.client, await handleOf(job).describe());
    return poll?.lastFailureType === 'NotEnded';
  };

  it('is reported a few seconds later, and then says when to ask again as if it had been at once', async () => {
    await start(60_000);
    await submitMany();
    const submittedAt = Date.now();
    const job = await submit();
    expect(await wasReported(job)).toBe(false);
    expect(await run.jobs.get('scripted', job)).toMatchObject({ phase: 'waiting', state: 'PENDING' });

    await eventually('it is reported', () => wasReported(job));
    expect(Date.now() - submittedAt).toBeGreaterThan(4_000);
    expect(await run.jobs.get('scripted', job)).toMatchObject({ phase: 'waiting', state: 'RUNNING' });
    const [poll] = await pendingActivities(run.client, await handleOf(job).describe());
    const due = Date.parse(/asking again at (\S+)$/.exec(poll?.lastFailure ?? '')?.[1] ?? '');
    expect(due - submittedAt).toBeGreaterThan(59_000);
    expect(due - submittedAt).toBeLessThan(61_000);
  });

  it('is never reported of a job that has ended by then', async () => {
    await start(60_000);
    await submitMany();
    const job = await submit();
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    expect(await handleOf(job).result()).toMatchObject({ state: 'COMPLETED', completed_by: 'signal' });
    run.provider.says(RUNNING);
    const next = await submit();
    await eventually('the next one is reported', () => reportedLate(next));
    expect(reportedLate(job)).toBe(false);
  });

  it('is reported at once where a hint came too early, so that nobody watches twice', async () => {
    await start(60_000);
    const hintedTooEarly = async () => {
      const job = await submit();
      await run.jobs.complete('scripted', job);
      await eventually('the run asks', () => run.provider.asked.filter((asked) => asked === job).length === 2);
      return eventually('it watches on', async () => {
        const types = (await eventTypes(handleOf(job))).filter((type) => type.startsWith('activityTask'));
        return types.filter((type) => type === 'activityTaskScheduled').length === 2 && { job, types };
      });
    };
    run.provider.says(RUNNING);
    const usual = await hintedTooEarly();
    await submitMany();
    const { job, types } = await hintedTooEarly();
    expect(types).toEqual(usual.types);
    expect(reportedLate(job)).toBe(true);
  });

  it('is reported at once where the next look is due before that', async () => {
    await start(4_000);
    await submitMany();
    const job = await submit();
    await eventually('it is reported', () => wasReported(job), { withinMs: 2_000 });
    expect(reports).not.toHaveBeenCalled();
  });
});
