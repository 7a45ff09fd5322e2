import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually';
import { pendingPoll } from '../support/pending-poll';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import { RUNNING, scriptedProvider } from '../support/scripted-provider';

describe('a first look that takes so long that its worker shows a sign of life meanwhile', () => {
  const runs = useRealRuns();
  let run: RealRun;

  it('shows readers what it saw', async () => {
    const { promise: answer, resolve: letItAnswer } = Promise.withResolvers<void>();
    const provider = scriptedProvider({ poll: { firstMs: 60_000 } });
    const getJobStatus: typeof provider.getJobStatus = async (...question) => {
      const status = await provider.getJobStatus(...question);
      await answer;
      return status;
    };
    run = await runs.start({ provider: { ...provider, getJobStatus } });
    run.provider.says(RUNNING);
    const job = randomUUID();
    await run.jobs.submit({ provider: 'scripted', job, endpoints: [] });
    const poll = () => pendingPoll(run.client, job);
    await eventually('it shows a sign of life', async () => (await poll())?.details !== undefined);
    expect(await run.jobs.get('scripted', job)).toMatchObject({ state: 'PENDING' });

    letItAnswer();
    await eventually('it is over', async () => (await poll())?.lastFailureType === 'NotEnded');
    expect(await run.jobs.get('scripted', job)).toMatchObject({ state: 'RUNNING' });
    expect((await poll())?.details).toMatchObject({ asked_at: expect.any(Number), status: { state: 'RUNNING' } });
  });
});
