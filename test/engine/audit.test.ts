import { randomUUID } from 'node:crypto';
import { type AuditedJob, auditJobs } from '../../src/engine';
import { resultOfDeliveries } from '../../src/engine/audit';
import { type AuditedEndpoint, auditedEndpoints } from '../../src/engine/audited-endpoints';
import { ProviderError } from '../../src/providers/provider';
import type { ListedJob, ListRequest, Watching } from '../../src/providers/watching';
import { eventually } from '../support/eventually';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { TestReceiver } from '../support/receiver';
import { RUNNING, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';

const real = useRealRuns();
const DAY = 24 * 60 * 60_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY).toISOString();

describe('an audit', () => {
  let run: RealRun;
  let orders: TestReceiver;
  /** What the provider lists. */
  let listed: ListedJob[];
  let requests: ListRequest[];
  let fault: Error | undefined;

  beforeEach(async () => {
    orders = await real.receiver();
    listed = [];
    requests = [];
    fault = undefined;
    run = await real.start({
      provider: scriptedProvider({ track: { auto: false, endpoints: ['orders'] } }),
      endpoints: [
        { name: 'orders', url: orders.url },
        { name: 'brief', url: orders.url, retry: { firstMs: 100, factor: 1, maxMs: 100, forMs: 200 } },
      ],
    });
  });

  const lists = (job: string, more: Partial<ListedJob> = {}) => {
    const ended_at = new Date().toISOString();
    listed.push({ key: job, job, state: 'COMPLETED', created_at: ended_at, ended_at, ...more });
    return job;
  };
  const audit = async (more: { details?: boolean; repair?: boolean; days?: number; track?: string[] } = {}) => {
    const { client, config, provider } = run;
    const tracking = { ...provider, track: { auto: false, endpoints: more.track ?? ['orders'] } };
    const watching = {
      ...(provider.watching as Watching),
      async *list(request: ListRequest) {
        requests.push(request);
        if (fault) {
          const thrown = fault;
          fault = undefined;
          throw thrown;
        }
        yield listed;
      },
    };
    const jobs = await auditJobs({
      client,
      config,
      providers: new Map([['scripted', tracking]]),
      provider: tracking,
      watching,
      scopes: ['region'],
      since: Date.now() - (more.days ?? 1) * DAY,
      details: more.details ?? true,
      repair: more.repair ?? false,
      signal: new AbortController().signal,
    });
    return new Map(jobs.map((each) => [each.job, each]));
  };
  /** Submits a job that has ended already. */
  const ended = async (endpoint: string) => {
    const job = lists(randomUUID());
    run.provider.says(SUCCEEDED);
    await run.jobs.submit({ provider: 'scripted', job, endpoints: [endpoint] });
    return job;
  };
  const done = (job: string) => run.client.workflow.getHandle(`scripted/${job}`).result();
  const resultOf = (jobs: ReadonlyMap<string, AuditedJob>, job: string) => jobs.get(job)?.result;

  it('says of each ended job whether everyone was notified', async () => {
    const notified = await ended('orders');
    await done(notified);
    orders.answer(503);
    const exhausted = await ended('brief');
    await done(exhausted);
    const pending = await ended('orders');
    const broken = await ended('orders');
    await run.client.workflow.getHandle(`scripted/${broken}`).terminate();
    const untracked = lists(randomUUID());
    const unknown = lists(randomUUID(), { created_at: daysAgo(41), ended_at: daysAgo(40) });
    // As a service whose list does not say when a job ended.
    const perhapsOld = lists(randomUUID(), { created_at: daysAgo(41), ended_at: null });
    const tooOld = lists(randomUUID(), { ended_at: daysAgo(70) });
    const open = lists(randomUUID(), { state: 'RUNNING', ended_at: null });

    const jobs = await audit({ days: 60 });
    expect(Object.fromEntries([...jobs].map(([job, { result }]) => [job, result]))).toEqual({
      [notified]: 'notified',
      [exhausted]: 'exhausted',
      [pending]: 'pending',
      [broken]: 'broken',
      [untracked]: 'untracked',
      [unknown]: 'unknown',
      [perhapsOld]: 'unknown',
    });
    expect([jobs.has(tooOld), jobs.has(open)]).toEqual([false, false]);
    expect(jobs.get(notified)?.endpoints).toEqual([
      { endpoint: 'orders', state: 'delivered', time: expect.any(String), attempts: 1 },
    ]);
    expect(jobs.get(exhausted)?.endpoints).toMatchObject([{ endpoint: 'brief', state: 'exhausted' }]);
    expect(requests[0]?.tracked).toEqual(['region']);
    orders.answer(204);
    await done(pending);

    await run.jobs.redeliver('scripted', exhausted);
    await eventually('it is delivered after all', async () => {
      const { redeliveries } = await run.jobs.get('scripted', exhausted);
      return redeliveries[0]?.state === 'delivered';
    });
    const repaired = (await audit({ days: 60 })).get(exhausted);
    expect(repaired).toMatchObject({ result: 'notified', endpoints: [{ endpoint: 'brief', state: 'delivered' }] });
  });

  it('sees the deliveries and redeliveries that a job with many of them does not show any more', async () => {
    const retry = { firstMs: 1_000, factor: 1, maxMs: 1_000, forMs: DAY };
    const later = Array.from({ length: 54 }, (_, i) => ({ name: `later-${i}`, url: orders.url, retry }));
    const brief = { name: 'brief', url: orders.url, retry: { firstMs: 1, factor: 1, maxMs: 1, forMs: 1 } };
    run = await real.start({ endpoints: [brief, ...later] });
    orders.answer(503);
    run.provider.says(SUCCEEDED);
    const job = lists(randomUUID());
    await run.jobs.submit({ provider: 'scripted', job, endpoints: ['brief', ...later.map(({ name }) => name)] });
    const settled = async () => (await run.jobs.get('scripted', job)).deliveries_settled;
    await eventually(
      'the one is given up before the others are delivered',
      async () => (await settled()).exhausted === 1,
    );
    orders.answer(204);
    await done(job);
    expect((await run.jobs.get('scripted', job)).deliveries.map(({ state }) => state)).not.toContain('exhausted');

    const exhausted = (await audit()).get(job);
    expect(exhausted?.result).toBe('exhausted');
    expect(exhausted?.endpoints).toHaveLength(55);
    expect(exhausted?.endpoints).toContainEqual(expect.objectContaining({ endpoint: 'brief', state: 'exhausted' }));

    // As where an earlier run of the job, in whose history it stood, is retained no longer.
    const view = await run.jobs.get('scripted', job);
    const forgotten = { ...view, deliveries_settled: { ...view.deliveries_settled, exhausted: 2 } };
    const { workflow_id: workflowId, run_id: runId } = view;
    expect(await auditedEndpoints(run.client, { workflowId, runId }, forgotten)).toMatchObject({ isForgotten: true });

    await run.jobs.redeliver('scripted', job);
    await eventually('all are delivered again', async () => {
      const { redeliveries } = await run.jobs.get('scripted', job);
      return redeliveries.length > 0 && redeliveries.every(({ state }) => state === 'delivered');
    });
    expect((await audit()).get(job)?.result).toBe('notified');
  });

  it('calls unknown what is forgotten only where nothing worse is known', () => {
    const result = (isForgotten: boolean, ...states: readonly AuditedEndpoint['state'][]) =>
      resultOfDeliveries({
        endpoints: states.map((state) => ({ endpoint: 'orders', state, time: null, attempts: 1 })),
        isForgotten,
      });
    expect(result(true, 'delivered', 'gone')).toBe('unknown');
    expect(result(true, 'delivered', 'exhausted')).toBe('exhausted');
    expect(result(true, 'exhausted', 'pending')).toBe('pending');
    expect(result(false, 'delivered', 'gone')).toBe('notified');
    expect(result(false)).toBe('notified');
  });

  it('repairs what is broken and what is untracked, and nothing else', async () => {
    const notified = await ended('orders');
    await done(notified);
    run.provider.says(RUNNING);
    const terminated = lists(randomUUID());
    await run.jobs.submit({ provider: 'scripted', job: terminated, endpoints: ['orders'], correlation_id: 'C' });
    await run.client.workflow.getHandle(`scripted/${terminated}`).terminate();
    const untracked = lists(randomUUID());
    const unknown = lists(randomUUID(), { ended_at: daysAgo(40) });
    run.provider.says(SUCCEEDED);

    const without = await audit({ repair: true, track: [], days: 60, details: false });
    expect(without.get(untracked)).toEqual(expect.not.objectContaining({ repair: expect.anything() }));
    expect(without.get(terminated)).toMatchObject({ result: 'broken', repair: 'started' });
    await done(terminated);

    const jobs = await audit({ repair: true, days: 60 });
    expect(jobs.get(untracked)).toMatchObject({ result: 'untracked', repair: 'submitted' });
    await done(untracked);
    expect(orders.received.map(({ json }) => json.data?.['job'])).toEqual([notified, terminated, untracked]);
    expect(orders.received[1]?.json.data).toMatchObject({ correlation_id: 'C' });

    const after = await audit({ repair: true, days: 60 });
    expect([notified, terminated, untracked].map((job) => resultOf(after, job))).toEqual([
      'notified',
      'notified',
      'notified',
    ]);
    expect(resultOf(after, unknown)).toBe('unknown');
    expect(orders.received).toHaveLength(3);
  });

  it('lists again where the provider is unavailable for a moment, and gives up where it refuses', async () => {
    lists(randomUUID());
    fault = new ProviderError('unavailable', 'quota', { retryAfterMs: 10 });
    expect((await audit()).size).toBe(1);
    expect(requests).toHaveLength(2);
    fault = new ProviderError('permission_denied', 'aiplatform.batchPredictionJobs.list is missing');
    await expect(audit()).rejects.toThrow('is missing');
  });
});
