import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { TestReceiver } from '../support/receiver';
import { type ScriptedProvider, scriptedProvider } from '../support/scripted-provider';

const EVENTS = ['job.running', 'job.stalled', 'job.succeeded', 'job.failed'] as const;

/** Jobs whose provider has no status API: what authenticated messages report is the truth. */
describe('a job whose messages are the truth', () => {
  const runs = useRealRuns({ endAfter: 'all' });
  let receiver: TestReceiver;
  let provider: ScriptedProvider;
  let run: RealRun;

  beforeAll(async () => {
    receiver = await runs.receiver();
    provider = scriptedProvider({
      rules: { truth: 'messages', stalled: { grace_seconds: 0, fail_after: 3 } },
      track: { auto: true, endpoints: ['all'] },
    });
    run = await runs.start({ provider, endpoints: [{ name: 'all', url: receiver.url, events: EVENTS }] });
  });

  const told = (job: string) =>
    receiver.received.filter(({ json }) => json.data?.['job'] === job).map(({ json }) => json.type);
  const report = (job: string, status: string, idempotency_key: string = randomUUID()) =>
    run.inbox.report('scripted', job, { idempotency_key, data: { notification_type: 'STATUS', status } });
  const result = (job: string) => run.client.workflow.getHandle(`scripted/${job}`).result();

  it('is tracked from its first report on, and ends with the one that says so, asking nobody', async () => {
    const job = randomUUID();
    await report(job, 'RUNNING');
    await eventually('it is notified that it runs', () => told(job).length === 1);
    expect(await run.jobs.get('scripted', job)).toMatchObject({ state: 'RUNNING', phase: 'waiting' });
    await report(job, 'COMPLETED');

    expect(await result(job)).toMatchObject({ state: 'COMPLETED', completed_by: 'signal' });
    expect(told(job)).toEqual(['job.running', 'job.succeeded']);
    expect(provider.asked).toEqual([]);
  });

  it('ends once, whatever is reported after that', async () => {
    const job = randomUUID();
    await report(job, 'COMPLETED');
    await report(job, 'FAILED');
    await result(job);
    await report(job, 'FAILED');
    expect(told(job)).toEqual(['job.succeeded']);
  });

  it('takes a key for the same in any letter case, whatever it says', async () => {
    const job = randomUUID();
    const key = 'ABCDEF00-0000-4000-8000-000000000001';
    await report(job, 'RUNNING', key);
    await report(job, 'FAILED', key.toLowerCase());
    await report(job, 'COMPLETED');
    expect(await result(job)).toMatchObject({ state: 'COMPLETED' });
  });

  it('is not ended by a hint, which nobody can be asked about', async () => {
    const job = randomUUID();
    await report(job, 'RUNNING');
    await run.jobs.complete('scripted', job, { state: 'FAILED' });
    await report(job, 'COMPLETED');
    expect(await result(job)).toMatchObject({ state: 'COMPLETED' });
  });

  it('is reported as stalled once for a missed heartbeat, and again only after another heartbeat', async () => {
    // However long a slow machine is silent, the job has not failed by it.
    const stalled = { grace_seconds: 0, fail_after: 100 };
    const tolerant = await runs.start({
      provider: scriptedProvider({
        rules: { truth: 'messages', stalled },
        track: { auto: true, endpoints: ['all'] },
      }),
      endpoints: [{ name: 'all', url: receiver.url, events: EVENTS }],
    });
    const job = randomUUID();
    const beat = () => tolerant.inbox.heartbeat('scripted', job, { heartbeat_deadline_seconds: 1 });
    await beat();
    await eventually('the first silence is notified', () => told(job).length === 1);
    await beat();
    await eventually('the second silence is notified', () => told(job).length === 2);
    await report(job, 'COMPLETED');
    await result(job);
    expect(told(job)).toEqual(['job.stalled', 'job.stalled', 'job.succeeded']);
    const ids = receiver.received.filter(({ json }) => json.data?.['job'] === job).map((r) => r.headers['webhook-id']);
    expect(new Set(ids).size).toBe(3);
  });

  it('has failed after as many deadlines of silence in a row as the rules say', async () => {
    const job = randomUUID();
    const began = Date.now();
    await run.inbox.heartbeat('scripted', job, { heartbeat_deadline_seconds: 1 });
    expect(await result(job)).toMatchObject({
      state: 'FAILED',
      reason: 'STALLED',
      completed_by: 'heartbeat',
      message: 'No heartbeat came for 3 deadlines of 1 s in a row.',
    });
    expect(Date.now() - began).toBeGreaterThan(2_900);
    // That it is stalled may have been overtaken, on a machine that takes two seconds to say so.
    expect(told(job).filter((type) => type !== 'job.stalled')).toEqual(['job.failed']);
    expect(told(job).length).toBeLessThanOrEqual(2);
  });

  it('ends when it is canceled, for nobody can be asked to cancel it', async () => {
    const job = randomUUID();
    await report(job, 'RUNNING');
    await run.jobs.cancel('scripted', job);
    expect(await result(job)).toMatchObject({ state: 'CANCELED', reason: 'CANCELED_BY_REQUEST' });
  });

  it('can be reported by the API, with a key once', async () => {
    const job = randomUUID();
    const data = { notification_type: 'STATUS', status: 'RUNNING', idempotency_key: 'k' } as const;
    await run.jobs.report('scripted', job, data);
    await run.jobs.report('scripted', job, { ...data, status: 'FAILED' });
    await run.jobs.report('scripted', job, { notification_type: 'STATUS', status: 'COMPLETED' });
    expect(await result(job)).toMatchObject({ state: 'COMPLETED' });
  });

  it('takes a report of somebody else’s own code, with any Temporal SDK', async () => {
    const job = randomUUID();
    await report(job, 'RUNNING');
    const handle = run.client.workflow.getHandle(`scripted/${job}`);
    await handle.signal('statusReport', 'nonsense');
    await handle.signal('statusReport', { status: 'COMPLETED' });
    expect(await result(job)).toMatchObject({ state: 'COMPLETED' });
  });
});

describe('a job whose provider can be asked', () => {
  const runs = useRealRuns();
  it('is not reported by the API', async () => {
    const run = await runs.start({ provider: scriptedProvider() });
    const report = run.jobs.report('scripted', 'any', { notification_type: 'STATUS', status: 'COMPLETED' });
    await expect(report).rejects.toMatchObject({
      code: 'unprocessable',
      message: expect.stringContaining('/completion'),
    });
  });

  it('takes a report for a hint: the provider’s word counts', async () => {
    const provider = scriptedProvider();
    const run = await runs.start({ provider });
    const job = randomUUID();
    const handle = await run.client.workflow.start('job', {
      taskQueue: run.config.temporal.taskQueue,
      workflowId: `scripted/${job}`,
      args: [{ provider: 'scripted', job, subscriptions: [] }],
    });
    await eventually('the provider is asked', () => provider.asked.length === 1);
    await handle.signal('statusReport', { status: 'COMPLETED' });
    await eventually('the provider is asked again', () => provider.asked.length === 2);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await handle.terminate();
  });
});
