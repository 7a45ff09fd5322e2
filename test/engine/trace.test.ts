import { randomUUID } from 'node:crypto';
import { partsOf } from '../../src/domain/trace-context';
import { eventually } from '../support/eventually';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { ReceivedRequest, TestReceiver } from '../support/receiver';
import { SUCCEEDED, scriptedProvider } from '../support/scripted-provider';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-00`;

const real = useRealRuns({ endAfter: 'all' });
let run: RealRun;
let orders: TestReceiver;
let flaky: TestReceiver;
let impatient: TestReceiver;
let operations: TestReceiver;

beforeAll(async () => {
  [orders, flaky, impatient, operations] = [
    await real.receiver(),
    await real.receiver(),
    await real.receiver(),
    await real.receiver(),
  ];
  run = await real.start({
    provider: scriptedProvider(),
    operations: 'operations',
    endpoints: [
      { name: 'orders', url: orders.url },
      { name: 'flaky', url: flaky.url, retry: { firstMs: 100, factor: 1, maxMs: 100, forMs: 3600_000 } },
      { name: 'impatient', url: impatient.url, retry: { firstMs: 100, factor: 1, maxMs: 100, forMs: 50 } },
      { name: 'operations', url: operations.url },
    ],
  });
});
const submit = async (endpoints: [string, ...string[]], headers = {}) => {
  const job = randomUUID();
  const submission = { provider: 'scripted', job, endpoints };
  const { job: seen } = await run.jobs.submit(submission, headers);
  return { job, submission, runId: seen.run_id };
};
const end = async (job: string) => {
  run.provider.says(SUCCEEDED);
  await run.jobs.complete('scripted', job);
  return run.client.workflow.getHandle(`scripted/${job}`).result();
};
const sentTo = ({ received }: TestReceiver, job: string) => received.filter(({ json }) => json.data?.['job'] === job);
const contextOf = ({ headers }: ReceivedRequest) => partsOf({ traceparent: String(headers['traceparent']) });

describe('the trace of a job', () => {
  it('is that of its submission, at every attempt and every redelivery, each a step of its own', async () => {
    flaky.answer((before) => (before < 2 ? 500 : 204));
    const { job, submission } = await submit(['orders', 'flaky'], { traceparent: TRACEPARENT, tracestate: 'a=1' });
    const other = `00-${'1'.repeat(32)}-00f067aa0ba902b7-01`;
    expect((await run.jobs.submit(submission, { traceparent: other })).created).toBe(false);
    await end(job);
    await run.jobs.redeliver('scripted', job, { endpoint: 'flaky' });
    await eventually('it came again', () => sentTo(flaky, job).length === 4);

    const requests = [...sentTo(orders, job), ...sentTo(flaky, job)];
    const contexts = requests.map(contextOf);
    expect(contexts.map(({ traceId, sampled }) => [traceId, sampled])).toEqual(requests.map(() => [TRACE, false]));
    expect(new Set([...contexts.map(({ parentId }) => parentId), '00f067aa0ba902b7']).size).toBe(6);
    expect(new Set(requests.map(({ headers }) => headers['tracestate']))).toEqual(new Set(['a=1']));
    expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
  });

  it('goes on in what operators are notified of', async () => {
    impatient.answer(500);
    const { job } = await submit(['impatient'], { traceparent: TRACEPARENT });
    await end(job);
    const [notice] = await eventually('operators are notified', () => {
      const found = sentTo(operations, job);
      return found.length > 0 && found;
    });
    expect(notice && contextOf(notice).traceId).toBe(TRACE);
  });

  it.each([
    ['none', {}],
    ['an invalid one', { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, tracestate: 'a=1' }],
  ])('is its own where the submission brings %s, and has the ID of its run', async (_, headers) => {
    const { job, runId } = await submit(['orders'], headers);
    await end(job);
    const [request] = sentTo(orders, job);
    expect(request && contextOf(request)).toMatchObject({ traceId: runId.replaceAll('-', ''), sampled: true });
    expect(request?.headers).not.toHaveProperty('tracestate');
  });

  it('of a run that somebody starts by hand with nonsense is its own', async () => {
    const job = randomUUID();
    const subscriptions = [{ endpoint: 'orders', events: ['job.succeeded'], format: 'standard' }];
    const input = { provider: 'scripted', job, subscriptions, trace: { traceparent: 'nonsense\r\n' } };
    const handle = await run.client.workflow.start('job', {
      taskQueue: run.config.temporal.taskQueue,
      workflowId: `scripted/${job}`,
      args: [input],
    });
    await end(job);
    const [request] = sentTo(orders, job);
    expect(request && contextOf(request).traceId).toBe(handle.firstExecutionRunId.replaceAll('-', ''));
  });
});
