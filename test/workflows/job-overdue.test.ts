import { randomUUID } from 'node:crypto';
import { NAMESPACE } from '../../src/domain/identity';
import { uuidV5 } from '../../src/domain/uuid';
import { eventually } from '../support/eventually';
import { startImpatientTemporal } from '../support/impatient-temporal';
import { type RealRuns, useRealRuns } from '../support/real-runs';
import type { RealTemporal } from '../support/real-temporal';
import type { TestReceiver } from '../support/receiver';
import { SUCCEEDED, scriptedProvider } from '../support/scripted-provider';

const real = useRealRuns();
let plain: TestReceiver;
let listing: TestReceiver;

/** `plain` has default events, `listing` lists those it wants. */
const start = async (
  options: Parameters<RealRuns['start']>[0] = {},
  events = ['job.overdue', 'job.failed'] as const,
) => {
  plain = await real.receiver();
  listing = await real.receiver();
  return real.start({
    ...options,
    endpoints: [
      { name: 'plain', url: plain.url },
      { name: 'listing', url: listing.url, events },
    ],
  });
};
const types = ({ received }: TestReceiver) => received.map(({ json }) => json.type);

describe('a job that takes longer than expected', () => {
  it('is published once as overdue, and watched on', async () => {
    const run = await start();
    const job = randomUUID();
    await run.jobs.submit({ provider: 'scripted', job, endpoints: ['plain', 'listing'], overdue_after: '500ms' });
    await eventually('both are notified', () => plain.received.length === 1 && listing.received.length === 1);
    const id = uuidV5(
      NAMESPACE,
      JSON.stringify(['scripted', job, uuidV5(NAMESPACE, JSON.stringify(['scripted', job])), 'job.overdue']),
    );
    expect(plain.received[0]?.headers['webhook-id']).toBe(id);
    expect(listing.received[0]?.headers['webhook-id']).toBe(id);
    expect(plain.received[0]?.json.data).toMatchObject({ state: 'RUNNING', ended_at: null });
    expect(await run.jobs.get('scripted', job)).toMatchObject({ phase: 'waiting', outcome: null });

    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    await run.client.workflow.getHandle(`scripted/${job}`).result();
    expect([types(plain), types(listing)]).toEqual([['job.overdue', 'job.succeeded'], ['job.overdue']]);
  });

  it('is so after the time that its provider is configured with, where the submission does not say', async () => {
    const provider = { ...scriptedProvider(), overdueAfterMs: 300 };
    const run = await start({ provider });
    await run.jobs.submit({ provider: 'scripted', job: randomUUID(), endpoints: ['plain'] });
    await eventually('it is overdue', () => types(plain).includes('job.overdue'));
  });

  it('is not published where nobody said when, nor to endpoints that list other events', async () => {
    const run = await start();
    const job = randomUUID();
    await run.jobs.submit({ provider: 'scripted', job, endpoints: ['plain', 'listing'] });
    const other = randomUUID();
    const endpoints: [{ name: string; events: ['job.succeeded'] }] = [{ name: 'plain', events: ['job.succeeded'] }];
    await run.jobs.submit({ provider: 'scripted', job: other, endpoints, overdue_after: '1ms' });
    await eventually('the provider is asked', () => run.provider.asked.includes(other));
    run.provider.says(SUCCEEDED);
    for (const each of [job, other]) {
      await run.jobs.complete('scripted', each);
      await run.client.workflow.getHandle(`scripted/${each}`).result();
    }
    expect([types(plain), types(listing)]).toEqual([['job.succeeded', 'job.succeeded'], []]);
  });

  it('is refused by name in a format that cannot express it, and without a time', async () => {
    const run = await start();
    const submit = (more: object) =>
      run.jobs.submit({ provider: 'scripted', job: randomUUID(), endpoints: ['plain'], ...more });
    const endpoint = { url: plain.url, format: 'vertex-ai' };
    await expect(submit({ endpoints: [{ ...endpoint, events: ['job.overdue'] }] })).rejects.toMatchObject({
      status: 422,
      faults: [{ pointer: '/endpoints/0/events/0' }],
    });
    await expect(submit({ overdue_after: '0s' })).rejects.toMatchObject({
      status: 422,
      faults: [{ pointer: '/overdue_after' }],
    });
    // Default events of such a format stay what they are.
    await submit({ endpoints: [endpoint], overdue_after: '1h' });
  });
});

describe('an overdue job whose history grows long', () => {
  let temporal: RealTemporal;
  beforeAll(async () => {
    temporal = await startImpatientTemporal({ events: 40 });
  });
  afterAll(() => temporal.close());

  it('keeps its time, and is published once', async () => {
    const run = await start({ temporal });
    const job = randomUUID();
    const begun = Date.now();
    await run.jobs.submit({ provider: 'scripted', job, endpoints: ['plain'], overdue_after: '8s' });
    const handle = run.client.workflow.getHandle(`scripted/${job}`);
    const continued = async () => {
      const { runId } = await handle.describe();
      await eventually('it is continued', async () => {
        await handle.signal('heartbeat', { heartbeat_deadline_seconds: 3600 });
        return (await handle.describe()).runId !== runId;
      });
    };
    await continued();
    await eventually('it is overdue', () => plain.received.length === 1);
    expect(Date.now() - begun).toBeGreaterThan(7_500);
    await continued();
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    await handle.result();
    expect(types(plain)).toEqual(['job.overdue', 'job.succeeded']);
  });
});
