import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Notice } from '../../src/domain/notice';
import { createEndpointPauses, startNotice } from '../../src/engine';
import { eventually } from '../support/eventually';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { TestReceiver } from '../support/receiver';
import { type ScriptedProvider, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';

/** The queries of docs/operator-view.md, and which of the runs below each finds. */
const FOUND: Readonly<Record<string, readonly string[]>> = {
  "WorkflowType = 'job' AND ExecutionStatus = 'Running' AND CompletedBy IS NULL": ['waiting'],
  "DeliveryState = 'pending:orders'": [], // what is pending is for another endpoint
  "ExecutionStatus = 'Running' AND DeliveryState = 'pending'": ['notifying'],
  "ExecutionStatus = 'Running' AND DeliveryState = 'pending' AND JobEndedAt < '2026-01-03T00:00:00Z'": ['notifying'],
  "DeliveryState = 'exhausted'": ['exhausted', 'redelivery'],
  "DeliveryState = 'gone' AND JobEndpoint = 'orders'": ['gone'],
  "JobState = 'FAILED'": ['failed'],
  "JobProvider = 'vertex-ai' AND JobState IN ('FAILED', 'PARTIALLY_FAILED') AND JobEndedAt > '2026-01-01T00:00:00Z'": [
    'failed',
  ],
  "CompletedBy = 'poll'": ['exhausted', 'failed', 'gone', 'notifying'],
  "WorkflowType = 'redelivery'": ['redelivery', 'redelivery'],
  "WorkflowType = 'notice'": ['notice', 'notice'],
  "WorkflowType = 'endpointRetry'": ['resumed'],
  "WorkflowType = 'jobRetry'": [], // no job is retried here
  "WorkflowType = 'endpointPause' AND ExecutionStatus = 'Running'": ['paused'],
  "WorkflowType = 'job' AND ExecutionStatus = 'Running' AND CompletedBy IS NULL AND StartTime < '2026-01-01T00:00:00Z'":
    [],
  "TemporalReportedProblems IN ('category=WorkflowTaskFailed', 'category=WorkflowTaskTimedOut')": [],
  "WorkflowType = 'job' AND ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut', 'Canceled')": ['terminated'],
};

/** Queries that other pages have in a sentence; NAME is that of an endpoint which takes nothing. What the command lists are jobs. */
const IN_SENTENCES: readonly (readonly [page: string, query: string, found: readonly string[]])[] = [
  ['failure-modes.md', "WorkflowType = 'notice' AND JobEndpoint = 'NAME'", ['notice']],
  ['redelivery.md', "WorkflowType='redelivery' AND DeliveryState='exhausted'", ['redelivery']],
  ['cli.md', "ExecutionStatus='Running' AND JobEndpoint='orders'", ['waiting']],
  ['cli.md', "JobState='FAILED' AND JobEndedAt > '2026-01-01T00:00:00Z'", ['failed']],
];

const read = (page: string) => readFileSync(join(__dirname, '../../docs', page), 'utf8');
const DOCS = read('operator-view.md');
const QUERIES = [...DOCS.matchAll(/```sql\n(.*?)```/gs)].flatMap(([, block]) => (block ?? '').trim().split('\n'));

describe('the queries of docs/operator-view.md', () => {
  const runs = useRealRuns({ endAfter: 'all' });
  const names = new Map<string, string>();
  let run: RealRun;
  let provider: ScriptedProvider;
  let orders: TestReceiver;

  /** Submits a job that goes by `name` here. */
  const submit = async (name: string, endpoint = 'orders') => {
    const job = randomUUID();
    names.set(`vertex-ai/${job}`, name);
    const asked = provider.asked.length;
    await run.jobs.submit({ provider: 'vertex-ai', job, endpoints: [endpoint] });
    await eventually(`the provider is asked about ${name}`, () => provider.asked.length > asked);
    return { job, handle: run.client.workflow.getHandle(`vertex-ai/${job}`) };
  };

  beforeAll(async () => {
    orders = await runs.receiver();
    provider = { ...scriptedProvider(), name: 'vertex-ai' };
    const retry = { firstMs: 200, factor: 1, maxMs: 200, forMs: 1000 };
    run = await runs.start({
      provider,
      endpoints: [
        { name: 'orders', url: orders.url },
        { name: 'impatient', url: orders.url, retry },
        { name: 'patient', url: orders.url },
      ],
    });

    await submit('waiting');
    await (await submit('terminated')).handle.terminate();
    provider.says({ ...SUCCEEDED, state: 'FAILED', provider_state: 'JOB_STATE_FAILED' });
    const failed = await submit('failed');
    await failed.handle.result();
    await run.jobs.redeliver('vertex-ai', failed.job);
    await eventually('the failure is sent again', () => orders.received.length === 2);
    const notice: Notice = {
      type: 'endpoint.test',
      timestamp: '2026-01-02T04:00:00Z',
      distinguishers: [randomUUID()],
      data: {},
    };
    const { taskQueue } = run.config.temporal;
    await startNotice(run.client, taskQueue, { endpoint: 'orders' }, notice);
    provider.says(SUCCEEDED);
    orders.answer(500);
    await startNotice(run.client, taskQueue, { endpoint: 'impatient' }, { ...notice, distinguishers: [randomUUID()] });
    const exhausted = await submit('exhausted', 'impatient');
    await exhausted.handle.result();
    await run.jobs.redeliver('vertex-ai', exhausted.job);
    await eventually('it is given up again', async () => {
      const { redeliveries } = await run.jobs.get('vertex-ai', exhausted.job);
      return redeliveries[0]?.state === 'exhausted';
    });
    orders.answer(400, { 'webhook-delivery': 'abort-message' });
    await (await submit('gone')).handle.result();
    orders.answer(503);
    await submit('notifying', 'patient');

    const endpoint = `paused-${randomUUID()}`;
    names.set(`endpoint/${endpoint}`, 'paused');
    const pauses = createEndpointPauses(run.client, run.config.temporal.taskQueue);
    await pauses.pause({ endpoint, reason: 'for a test' });
    const resumed = `resumed-${randomUUID()}`;
    names.set(`endpoint-retry/${resumed}`, 'resumed');
    await pauses.resume(resumed);
  });

  /** The runs of this test that a query finds. */
  const find = async (query: string): Promise<string[]> => {
    const found: string[] = [];
    const onlyOurs = `(${query}) AND TaskQueue = '${run.config.temporal.taskQueue}'`;
    for await (const { workflowId } of run.client.workflow.list({ query: onlyOurs })) {
      found.push(names.get(workflowId) ?? workflowId.split('/')[0] ?? workflowId);
    }
    return found.sort();
  };

  it('are all tried here', () => {
    expect(QUERIES.sort()).toEqual(Object.keys(FOUND).sort());
  });

  it.each(Object.entries(FOUND))('%s', async (query, expected) => {
    await eventually('Temporal finds the runs that it is to find', async () => {
      expect(await find(query)).toEqual(expected);
      return true;
    });
  });

  it.each(IN_SENTENCES)('in a sentence of %s: %s', async (page, query, expected) => {
    expect(read(page).replaceAll(/\s+/g, ' ')).toContain(query);
    const asked = page === 'cli.md' ? `WorkflowType = 'job' AND (${query})` : query.replace('NAME', 'impatient');
    await eventually('Temporal finds the runs that it is to find', async () => {
      expect(await find(asked)).toEqual(expected);
      return true;
    });
  });
});
