import { randomUUID } from 'node:crypto';
import { eventId } from '../../src/domain/identity';
import { eventually } from '../support/eventually';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { TestReceiver } from '../support/receiver';
import { RUNNING, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';

const EVERYTHING = ['job.running', 'job.progress', 'job.succeeded', 'job.failed'] as const;

/** Each endpoint hears what it listens to, in order. */
describe('the events of a job', () => {
  const runs = useRealRuns();
  let run: RealRun;
  let all: TestReceiver;
  let ends: TestReceiver;

  beforeEach(async () => {
    all = await runs.receiver();
    ends = await runs.receiver();
    run = await runs.start({
      provider: scriptedProvider({ poll: { firstMs: 100, factor: 1, maxMs: 100 } }),
      endpoints: [
        {
          name: 'all',
          url: all.url,
          events: EVERYTHING,
          retry: { firstMs: 1000, factor: 1, maxMs: 1000, forMs: 60_000 },
        },
        { name: 'ends', url: ends.url },
      ],
    });
    run.provider.says({ state: 'PENDING', provider_state: 'JOB_STATE_PENDING' });
  });

  const submit = async () => {
    const job = randomUUID();
    await run.jobs.submit({
      provider: 'scripted',
      job,
      endpoints: ['all', 'ends'],
      idempotency_key: 'K',
      labels: { team: 'x' },
    });
    return { job, handle: run.client.workflow.getHandle(`scripted/${job}`) };
  };
  const types = (receiver: TestReceiver) => receiver.received.map(({ json }) => json.type);
  const progress = (percentage_completed: number) => ({ ...RUNNING, progress: { percentage_completed } });

  it('reach an endpoint that asks for them in order, numbered, and others only at the end', async () => {
    const { job, handle } = await submit();
    run.provider.says(RUNNING);
    await eventually('job.running is notified', () => types(all).includes('job.running'));
    run.provider.says(progress(40));
    await eventually('job.progress is notified', () => types(all).includes('job.progress'));
    run.provider.says(SUCCEEDED);
    await handle.result();

    expect(types(all)).toEqual(['job.running', 'job.progress', 'job.succeeded']);
    expect(all.received.map(({ json }) => json.data?.['sequence'])).toEqual([1, 2, 3]);
    expect(types(ends)).toEqual(['job.succeeded']);
    expect(ends.received[0]?.json.data).toMatchObject({ sequence: 3, labels: { team: 'x' } });

    const name = { provider: 'scripted', job };
    expect(all.received.map(({ headers }) => headers['webhook-id'])).toEqual([
      eventId(name, 'K', 'job.running', 1),
      eventId(name, 'K', 'job.progress', 2),
      eventId(name, 'K', 'job.succeeded'),
    ]);
  });

  it('carry the same id and the same bytes to every endpoint of the same format', async () => {
    const { handle } = await submit();
    run.provider.says(SUCCEEDED);
    await handle.result();
    expect(all.received[0]?.headers['webhook-id']).toBe(ends.received[0]?.headers['webhook-id']);
    expect(all.received[0]?.body).toBe(ends.received[0]?.body);
  });

  it('that have not been delivered when the job ends are overtaken by its end, and said to be', async () => {
    const { job, handle } = await submit();
    all.answer(503);
    run.provider.says(RUNNING);
    await eventually('job.running was tried', () => all.received.length > 0);
    run.provider.says(progress(40));
    await eventually(
      'job.progress is planned',
      async () => ((await handle.query('job')) as { deliveries: unknown[] }).deliveries.length === 2,
    );
    run.provider.says(SUCCEEDED);
    await handle.signal('completion');
    await eventually('the end is known', async () => (await run.jobs.get('scripted', job)).phase === 'notifying');
    all.answer(204);
    await handle.result();

    const { deliveries } = await run.jobs.get('scripted', job);
    const ofAll = deliveries.filter(({ endpoint }) => endpoint === 'all');
    expect(ofAll.at(-1)).toMatchObject({ event: 'job.succeeded', state: 'delivered' });
    for (const delivery of ofAll.slice(0, -1)) {
      if (delivery.state === 'gone') expect(delivery.reason).toMatch(/overtaken/);
    }
    expect(ofAll.some(({ state }) => state === 'gone')).toBe(true);
    expect(types(all).at(-1)).toBe('job.succeeded');
  });

  it('are published once when a state is seen twice', async () => {
    const { handle } = await submit();
    run.provider.says(RUNNING);
    await eventually('job.running is notified', () => types(all).includes('job.running'));
    await handle.signal('completion');
    const asked = run.provider.asked.length;
    await eventually('the provider is asked on', () => run.provider.asked.length > asked + 2);
    run.provider.says(SUCCEEDED);
    await handle.result();
    expect(types(all)).toEqual(['job.running', 'job.succeeded']);
  });
});
