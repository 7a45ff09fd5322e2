import { randomUUID } from 'node:crypto';
import { TypedSearchAttributes } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time';
import { temporal as proto } from '@temporalio/proto';
import type { BulkRedelivery, BulkRedeliveryRequest } from '../../schemas/types';
import { createRedeliveries, type Redeliveries } from '../../src/engine';
import { type EngineWithoutWorker, engineWithoutWorker } from '../support/engine-without-worker';
import { eventually } from '../support/eventually';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { TestReceiver } from '../support/receiver';
import { SUCCEEDED } from '../support/scripted-provider';
import { testConfig } from '../support/test-config';

const A_DAY = { since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' };
const HOUR = 3600_000;
const RETRY = { firstMs: 100, factor: 1, maxMs: 100, forMs: 300 };

describe('a bulk redelivery', () => {
  const runs = useRealRuns();
  let run: RealRun;
  let redeliveries: Redeliveries;
  let orders: TestReceiver;
  let audit: TestReceiver;
  /** On a server that others share, the jobs of each test are known by their endpoints, and by when they ended. */
  let ordersName: string;
  let auditName: string;
  let ended: string;
  let around: { readonly since: string; readonly until: string };

  beforeEach(async () => {
    orders = await runs.receiver();
    audit = await runs.receiver();
    const endedMs = Date.UTC(2000, 0, 1) + Math.floor(Math.random() * 100_000) * 2 * HOUR;
    ended = new Date(endedMs).toISOString();
    around = { since: new Date(endedMs - HOUR).toISOString(), until: new Date(endedMs + HOUR).toISOString() };
    ordersName = `orders-${randomUUID().slice(0, 8)}`;
    auditName = `audit-${randomUUID().slice(0, 8)}`;
    run = await runs.start({
      endpoints: [
        { name: ordersName, url: orders.url, retry: RETRY },
        { name: auditName, url: audit.url, retry: { ...RETRY, forMs: HOUR } },
      ],
    });
    run.provider.says({ ...SUCCEEDED, ended_at: ended });
    redeliveries = createRedeliveries(run.client, run.config);
  });

  /** Jobs that have told everyone, and that the visibility index has. */
  const finishJobs = async (count: number, endpoints: readonly string[] = [ordersName]) => {
    const jobs = Array.from({ length: count }, () => randomUUID());
    await Promise.all(jobs.map((job) => run.jobs.submit({ provider: 'scripted', job, endpoints: [...endpoints] })));
    await Promise.all(jobs.map((job) => run.client.workflow.getHandle(`scripted/${job}`).result()));
    await indexed(endpoints[0] as string, count);
    return jobs;
  };
  const indexed = (endpoint: string, count: number) =>
    eventually('the index has them', async () => {
      const query = `WorkflowType='job' AND ExecutionStatus!='Running' AND JobEndpoint='${endpoint}'`;
      return (await run.client.workflow.count(query)).count === count;
    });
  const request = (more: Partial<BulkRedeliveryRequest> = {}): BulkRedeliveryRequest => ({
    ...around,
    endpoint: ordersName,
    max_rate: 1000,
    ...more,
  });
  const over = ({ id }: { readonly id: string }): Promise<BulkRedelivery> =>
    eventually('the bulk redelivery is over', async () => {
      const view = await redeliveries.get(id);
      return view.state !== 'running' && view;
    });
  const idsAt = ({ received }: TestReceiver) => received.map(({ headers }) => String(headers['webhook-id']));

  it('makes every delivery again, once: the same bytes, the same id', async () => {
    await finishJobs(3);
    const first = [...orders.received];
    const { id, state, max_rate } = await redeliveries.start(request());
    expect({ state, max_rate }).toEqual({ state: 'running', max_rate: 1000 });

    expect(await over({ id })).toMatchObject({ state: 'done', matched: 3, redelivered: 3, skipped: 0, failed: 0 });
    await eventually('all have arrived again', () => orders.received.length === 6);
    const again = orders.received.slice(3);
    const sorted = (requests: typeof first) => requests.map(({ body }) => body).sort();
    expect(sorted(again)).toEqual(sorted(first));
    expect(idsAt(orders).slice(3).sort()).toEqual(idsAt(orders).slice(0, 3).sort());
  });

  it('goes through more pages than one run takes, without missing one or sending one twice', async () => {
    await finishJobs(60);
    redeliveries = createRedeliveries(run.client, run.config, { pageSize: 7, pagesPerRun: 2 });
    const { id } = await redeliveries.start(request());
    expect(await over({ id })).toMatchObject({ matched: 60, redelivered: 60, skipped: 0, failed: 0 });

    await eventually('all have arrived again', () => orders.received.length >= 120);
    expect(orders.received).toHaveLength(120);
    expect(new Set(idsAt(orders).slice(60)).size).toBe(60);
    const query = `WorkflowId='bulk-redelivery/${id}' AND ExecutionStatus='ContinuedAsNew'`;
    // Nine pages.
    await eventually('four runs have handed on', async () => (await run.client.workflow.count(query)).count === 4);
  });

  it('goes on where it was when its worker is gone, and still sends each once', async () => {
    await finishJobs(12);
    redeliveries = createRedeliveries(run.client, run.config, { pageSize: 5, pagesPerRun: 1 });
    const { id } = await redeliveries.start(request({ max_rate: 4 }));
    await eventually('it has begun', () => orders.received.length > 14);
    await run.stopWorker();
    expect(orders.received.length).toBeLessThan(24);
    expect(await redeliveries.get(id)).toMatchObject({ state: 'running' });

    await run.startWorker();
    expect(await over({ id })).toMatchObject({ state: 'done', matched: 12, redelivered: 12, skipped: 0, failed: 0 });
    await eventually('all have arrived again', () => orders.received.length >= 24);
    expect(new Set(idsAt(orders).slice(12)).size).toBe(12);
  });

  it('sends nothing twice, even when an operator resets its run', async () => {
    await finishJobs(2);
    const { id } = await redeliveries.start(request());
    await over({ id });
    await eventually('all have arrived again', () => orders.received.length === 4);
    const { events } = await run.client.workflow.getHandle(`bulk-redelivery/${id}`).fetchHistory();
    const firstTask = events?.find(({ workflowTaskCompletedEventAttributes: completed }) => completed);
    await run.client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: `bulk-redelivery/${id}` },
      workflowTaskFinishEventId: firstTask?.eventId ?? null,
      requestId: randomUUID(),
      reason: 'test',
    });
    expect(await over({ id })).toMatchObject({ state: 'done', matched: 2, redelivered: 0, skipped: 2, failed: 0 });
    expect(orders.received).toHaveLength(4);
  });

  it('takes its time: a second for each max_rate deliveries', async () => {
    await finishJobs(3, [ordersName, auditName]);
    const { id } = await redeliveries.start({ ...around, max_rate: 2 });
    expect(await over({ id })).toMatchObject({ endpoint: null, matched: 3, redelivered: 3 });

    const { events } = await run.client.workflow.getHandle(`bulk-redelivery/${id}`).fetchHistory();
    const batches = (events ?? []).filter(
      ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name === 'redeliverRuns',
    );
    expect(batches).toHaveLength(3);
    // Two seconds by the clock of the run, which is a moment ahead of the events it leads to.
    expect(Number(batches[2]?.eventTime?.seconds) - Number(batches[0]?.eventTime?.seconds)).toBeGreaterThanOrEqual(1);
  });

  it('only counts in a dry run', async () => {
    await finishJobs(3);
    const { id } = await redeliveries.start(request({ dry_run: true }));
    expect(await over({ id })).toMatchObject({ dry_run: true, matched: 3, redelivered: 0, skipped: 0, failed: 0 });
    const { count } = await run.client.workflow.count(`WorkflowType='redelivery' AND JobEndpoint='${ordersName}'`);
    expect([count, orders.received.length]).toEqual([0, 3]);
  });

  it('is about one endpoint and one state where it says so', async () => {
    orders.answer(500);
    await finishJobs(2, [ordersName, auditName]);
    orders.answer(204);
    const attempts = orders.received.length;

    const exhausted = await over(await redeliveries.start(request({ status: 'exhausted' })));
    expect(exhausted).toMatchObject({ matched: 2, redelivered: 2, endpoint: ordersName, status: 'exhausted' });
    await eventually('orders is notified', () => orders.received.length === attempts + 2);
    expect(audit.received).toHaveLength(2);

    const delivered = await over(await redeliveries.start(request({ status: 'delivered' })));
    expect(delivered).toMatchObject({ matched: 2, redelivered: 0, skipped: 2 });
  });

  it('begins with since and ends before until', async () => {
    await finishJobs(1);
    const dry_run = true;
    const from = await over(await redeliveries.start(request({ since: ended, dry_run })));
    const to = await over(await redeliveries.start(request({ until: ended, dry_run })));
    expect([from.matched, to.matched]).toEqual([1, 0]);
  });

  it('leaves alone what is still being tried', async () => {
    audit.answer(503);
    await run.jobs.submit({ provider: 'scripted', job: randomUUID(), endpoints: [auditName] });
    await eventually('the index has it', async () => {
      const query = `JobEndpoint='${auditName}' AND DeliveryState='pending'`;
      return (await run.client.workflow.count(query)).count === 1;
    });
    const bulk = await redeliveries.start(request({ endpoint: auditName }));
    expect(await over(bulk)).toMatchObject({ matched: 1, redelivered: 0, skipped: 1 });
    audit.answer(204);
  });

  it('counts a job as skipped that Temporal forgets in the meantime', async () => {
    const jobs = await finishJobs(2);
    const { id } = await redeliveries.start(request({ max_rate: 0.1 }));
    await eventually('the first is sent', () => orders.received.length === 3);
    await run.stopWorker();
    const sent = orders.received.at(-1)?.json.data?.['job'];
    const workflowId = `scripted/${jobs.find((job) => job !== sent)}`;
    await run.client.workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId },
    });
    const isForgotten = () =>
      run.client.workflow
        .getHandle(workflowId)
        .describe()
        .then(
          () => false,
          () => true,
        );
    await eventually('it is forgotten', isForgotten);
    await run.startWorker();
    expect(await over({ id })).toMatchObject({ state: 'done', matched: 2, redelivered: 1, skipped: 1, failed: 0 });
  });

  it('counts a job as failed whose history cannot be read, and goes on with the others', async () => {
    await finishJobs(2);
    const broken = await startUnreadableJob();
    await eventually('the index has it', async () => {
      return (await run.client.workflow.count(`JobEndpoint='${ordersName}'`)).count === 3;
    });
    expect(await over(await redeliveries.start(request()))).toMatchObject({
      state: 'done',
      matched: 3,
      redelivered: 2,
      skipped: 0,
      failed: 1,
      last_error: expect.stringContaining(broken),
    });
  });

  /** The run of a job with a delivery that is no JSON, played by hand. */
  const startUnreadableJob = async () => {
    const taskQueue = `broken-${randomUUID()}`;
    const { workflowId } = await run.client.workflow.start('job', {
      taskQueue,
      workflowId: `scripted/broken-${randomUUID()}`,
      typedSearchAttributes: new TypedSearchAttributes([
        { key: { name: 'JobEndpoint', type: 'KEYWORD_LIST' }, value: [ordersName] },
        { key: { name: 'JobEndedAt', type: 'DATETIME' }, value: new Date(ended) },
      ]),
    });
    const { workflowService } = run.client;
    const { taskToken } = await run.client.withDeadline(Date.now() + 20_000, () =>
      workflowService.pollWorkflowTaskQueue({ namespace: 'default', taskQueue: { name: taskQueue } }),
    );
    const json = { encoding: Buffer.from('json/plain') };
    await workflowService.respondWorkflowTaskCompleted({
      namespace: 'default',
      taskToken,
      commands: [
        {
          commandType: proto.api.enums.v1.CommandType.COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK,
          scheduleActivityTaskCommandAttributes: {
            activityId: 'delivery',
            activityType: { name: 'deliver' },
            taskQueue: { name: taskQueue },
            scheduleToCloseTimeout: msToTs('1 minute'),
            input: { payloads: [{ metadata: json, data: Buffer.from('{"torn') }] },
          },
        },
      ],
    });
    return workflowId;
  };

  it('is found again by its key, and refuses another body under it', async () => {
    const idempotency_key = randomUUID();
    const first = await redeliveries.start(request({ idempotency_key, dry_run: true }));
    const again = await redeliveries.start(request({ idempotency_key, dry_run: true }));
    expect(again).toMatchObject({ id: first.id, started_at: first.started_at });
    await expect(redeliveries.start(request({ idempotency_key }))).rejects.toMatchObject({ code: 'conflict' });
    const other = await redeliveries.start(request({ dry_run: true }));
    expect(other.id).not.toBe(first.id);
    await Promise.all([over(first), over(other)]);
  });

  it('shows that it was broken off, and how far it had come', async () => {
    await finishJobs(3);
    const { id } = await redeliveries.start(request({ max_rate: 0.01 }));
    await eventually('the first is sent', () => orders.received.length === 4);
    await run.client.workflow.getHandle(`bulk-redelivery/${id}`).cancel();
    expect(await over({ id })).toMatchObject({
      state: 'failed',
      matched: 3,
      redelivered: 1,
      last_error: 'it was canceled',
    });
    expect(orders.received).toHaveLength(4);
  });
});

describe('a bulk redelivery that is not made', () => {
  let engine: EngineWithoutWorker;
  let redeliveries: Redeliveries;

  beforeAll(async () => {
    engine = await engineWithoutWorker();
    redeliveries = createRedeliveries(engine.client, testConfig({ temporal: engine.temporal.config }));
  });
  afterAll(() => engine.close());

  it.each([
    [{ since: 'yesterday' }, '/since: must be an RFC 3339 time'],
    [{ since: '2026-02-30T00:00:00Z', until: '2026-04-01T00:00:00Z' }, '/since: must be an RFC 3339 time'],
    [{ until: '2026-01-02' }, '/until: must be an RFC 3339 time'],
    [{ since: '2026-01-02T01:00:00+01:00', until: '2026-01-02T00:00:00Z' }, '/since: must be before until'],
    [{ endpoint: 'nobody' }, '/endpoint: endpoint nobody is not configured'],
  ])('refuses %j', async (wrong, message) => {
    await expect(redeliveries.start({ ...A_DAY, ...wrong })).rejects.toMatchObject({
      code: 'unprocessable',
      message: expect.stringContaining(message),
    });
  });

  it.each([randomUUID(), 'x', '../job'])('is not there by the id %s', async (id) => {
    await expect(redeliveries.get(id)).rejects.toMatchObject({ code: 'not_found' });
  });
});
