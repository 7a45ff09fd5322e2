import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import type { Counts } from '../../activities/dependencies';
import { caretakerWorkflowId, SCOPE_WATCH_WORKFLOW_TYPE, scopeWatchWorkflowId } from '../../src/domain/scope-watch';
import { ensureCaretaker } from '../../src/engine';
import { eventually } from '../support/eventually';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { type RunningJobs, runJobs } from '../support/run-jobs';
import { RUNNING, type ScriptedProvider, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';
import { testConfig } from '../support/test-config';
import { workflows } from '../support/workflows';

const AT_ONCE = { withinMs: 40_000 };

describe('the caretaker', () => {
  let temporal: RealTemporal;
  let client: Client;
  let orders: TestReceiver;
  /** Of this file alone: a pause is one for the whole namespace, in which other tests run. */
  const ordersName = `orders-${randomUUID()}`;
  let operations: TestReceiver;
  let provider: ScriptedProvider;
  let running: RunningJobs;
  let counted: Counts | undefined;
  let taskQueue: string;

  beforeEach(async () => {
    temporal = await connectRealTemporal();
    client = new Client({ connection: temporal.connection });
    [orders, operations] = await Promise.all([startReceiver(), startReceiver()]);
    provider = scriptedProvider({ poll: { firstMs: 300, factor: 1, maxMs: 300 } });
    provider.says(RUNNING);
    taskQueue = `test-${randomUUID()}`;
    counted = undefined;
    const config = testConfig({
      endpoints: [
        { name: ordersName, url: orders.url },
        { name: 'ops', url: operations.url },
      ],
      operations: 'ops',
      temporal: { ...temporal.config, taskQueue },
    });
    running = await runJobs({
      config,
      provider,
      client,
      connection: temporal.nativeConnection,
      bundle: await workflows(),
      observe: { counts: (counts) => (counted = counts) },
    });
  });
  afterEach(async () => {
    const caretaker = client.workflow.getHandle(caretakerWorkflowId(taskQueue));
    await caretaker.terminate().catch(() => undefined); // where the test ended before it began
    await running.stop();
    await Promise.all([temporal.close(), orders.close(), operations.close()]);
  });

  const submit = async () => {
    const job = `job-${randomUUID()}`;
    await running.jobs.submit({ provider: provider.name, job, endpoints: [ordersName] });
    await eventually('its provider is asked', () => provider.asked.includes(job));
    return { job, handle: client.workflow.getHandle(`${provider.name}/${job}`) };
  };
  const isInTheIndex = async (query: string, runs: number) =>
    (await client.workflow.count(`TaskQueue = '${taskQueue}' AND ${query}`)).count === runs;

  it('starts a watch that was terminated again, so that an end is found that nobody announces', async () => {
    const { handle } = await submit();
    const watch = client.workflow.getHandle(
      scopeWatchWorkflowId({ provider: provider.name, scope: provider.watching?.scopeOf('') ?? '' }, taskQueue),
    );
    const { runId } = await watch.describe();
    await watch.terminate('by hand');
    await eventually('it is broken', () =>
      isInTheIndex(`WorkflowType = '${SCOPE_WATCH_WORKFLOW_TYPE}' AND ExecutionStatus = 'Terminated'`, 1),
    );
    provider.says(SUCCEEDED);

    await ensureCaretaker(client, taskQueue);
    expect(await handle.result()).toMatchObject({ state: 'COMPLETED', completed_by: 'poll' });
    expect(orders.received).toHaveLength(1);
    await eventually('operations are notified of the watch', () => operations.received.length === 1, AT_ONCE);
    expect(operations.received[0]?.json).toMatchObject({
      type: 'job.broken',
      data: { job: null, workflow_type: 'scopeWatch', run_id: runId, status: 'terminated' },
    });
  });

  it('reports a broken run of a job once, also where another caretaker finds it, and its job may be submitted again', async () => {
    const { job, handle } = await submit();
    const { runId } = await handle.describe();
    const view = () => running.jobs.get(provider.name, job);
    await eventually('the answer is recorded', async () => (await view()).state === 'RUNNING');
    await handle.terminate('by hand');
    expect(await view()).toMatchObject({ state: 'RUNNING', phase: 'done' });
    await eventually('it is broken', () => isInTheIndex(`ExecutionStatus = 'Terminated' AND WorkflowType = 'job'`, 1));

    await ensureCaretaker(client, taskQueue);
    await eventually('operations are notified', () => operations.received.length === 1, AT_ONCE);
    const first = operations.received[0];
    expect(first?.json).toMatchObject({
      type: 'job.broken',
      data: {
        provider: provider.name,
        job,
        workflow_id: `${provider.name}/${job}`,
        run_id: runId,
        workflow_type: 'job',
      },
    });

    const caretaker = client.workflow.getHandle(caretakerWorkflowId(taskQueue));
    await caretaker.terminate();
    counted = undefined;
    await ensureCaretaker(client, taskQueue);
    await eventually('the other one has counted, after it has reported', () => counted !== undefined, AT_ONCE);
    expect(operations.received.map(({ headers }) => headers['webhook-id'])).toEqual([first?.headers['webhook-id']]);

    provider.says(SUCCEEDED);
    expect(await running.jobs.submit({ provider: provider.name, job, endpoints: [ordersName] })).toMatchObject({
      created: true,
    });
    await eventually('its end is notified', () => orders.received.length === 1);
  });

  it('counts open jobs, pending deliveries by age, and paused endpoints', async () => {
    await running.endpoints.pause(ordersName);
    await submit();
    provider.says({ ...SUCCEEDED, ended_at: new Date(Date.now() - 11 * 60_000).toISOString() });
    await eventually('one is pending', () => isInTheIndex(`DeliveryState = 'pending:${ordersName}'`, 1));
    provider.says(RUNNING);
    await submit();
    await eventually('the other is open', () => isInTheIndex(`WorkflowType = 'job' AND JobState = 'RUNNING'`, 1));

    await ensureCaretaker(client, taskQueue);
    await eventually('it has counted', () => counted !== undefined, AT_ONCE);
    expect(counted?.openJobs).toEqual(new Map([[provider.name, 1]]));
    expect(counted?.pausedEndpoints).toBeGreaterThanOrEqual(1);
    expect(counted?.pendingDeliveries.filter(({ endpoint }) => endpoint === ordersName)).toEqual([
      { endpoint: ordersName, age: '0', jobs: 1 },
      { endpoint: ordersName, age: '1m', jobs: 1 },
      { endpoint: ordersName, age: '10m', jobs: 1 },
      { endpoint: ordersName, age: '1h', jobs: 0 },
      { endpoint: ordersName, age: '1d', jobs: 0 },
    ]);
    await running.endpoints.resume(ordersName);
  });
});
