import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { TestReceiver } from '../support/receiver';
import { SUCCEEDED } from '../support/scripted-provider';

/** An open run can be asked itself, from anybody's own code or the Web UI. */
describe('the update redeliver', () => {
  const runs = useRealRuns();
  let run: RealRun;
  let taking: TestReceiver;
  let refusing: TestReceiver;

  beforeEach(async () => {
    taking = await runs.receiver();
    refusing = await runs.receiver();
    refusing.answer(503);
    run = await runs.start({
      endpoints: [
        { name: 'taking', url: taking.url },
        { name: 'refusing', url: refusing.url },
      ],
    });
    run.provider.says(SUCCEEDED);
  });

  const openRun = async () => {
    const job = randomUUID();
    await run.jobs.submit({ provider: 'scripted', job, endpoints: ['taking', 'refusing'] });
    await eventually('both have been tried', () => taking.received.length === 1 && refusing.received.length === 1);
    const handle = run.client.workflow.getHandle(`scripted/${job}`);
    await eventually('one is settled', async () =>
      (await run.jobs.get('scripted', job)).deliveries.some(({ state }) => state === 'delivered'),
    );
    return handle;
  };

  it('sends what is settled once more, with the same bytes and id, and leaves alone what is being tried', async () => {
    const handle = await openRun();
    await handle.executeUpdate('redeliver', { args: [{}] });
    await eventually('it is sent again', () => taking.received.length === 2);
    const [first, second] = taking.received;
    expect([second?.body, second?.headers['webhook-id']]).toEqual([first?.body, first?.headers['webhook-id']]);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await handle.terminate();
  });

  it('sends once for the same update id', async () => {
    const handle = await openRun();
    const updateId = randomUUID();
    await handle.executeUpdate('redeliver', { args: [{ endpoint: 'taking' }], updateId });
    await handle.executeUpdate('redeliver', { args: [{ endpoint: 'taking' }], updateId });
    await eventually('it is sent again', () => taking.received.length === 2);
    await handle.terminate();
  });

  it('takes an update id as long as Temporal takes one, and the run ends', async () => {
    const handle = await openRun();
    await handle.executeUpdate('redeliver', { args: [{ endpoint: 'taking' }], updateId: 'u'.repeat(960) });
    await eventually('it is sent again', () => taking.received.length === 2);
    refusing.answer(204);
    expect(await handle.result()).toMatchObject({ state: 'COMPLETED' });
  });

  it('refuses an endpoint that the job has sent nothing to', async () => {
    const handle = await openRun();
    await expect(handle.executeUpdate('redeliver', { args: [{ endpoint: 'nobody' }] })).rejects.toMatchObject({
      cause: { cause: { message: expect.stringContaining('the job has no such delivery') } },
    });
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await handle.terminate();
  });
});
