import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import type * as Circuit from '../../activities/deliver/circuit';
import { createRetryPending } from '../../activities/deliver/retry-pending';
import type { Dependencies } from '../../activities/dependencies';
import { endpointRetryWorkflowId } from '../../src/domain/endpoint-pause';
import type { JobResult } from '../../src/domain/job-run';
import { createEndpoints } from '../../src/engine';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { TestReceiver } from '../support/receiver';
import { RUNNING, SUCCEEDED } from '../support/scripted-provider';

/** The clock of every circuit: a test may stop it. */
const mockClock = { now: () => performance.now() };
jest.mock('../../activities/deliver/circuit', () => {
  const { createCircuit } = jest.requireActual<typeof Circuit>('../../activities/deliver/circuit');
  return { createCircuit: () => createCircuit(() => mockClock.now()) };
});

const HOUR = 60 * 60 * 1000;
const SLOW = { firstMs: 6 * HOUR, factor: 1, maxMs: 6 * HOUR, forMs: 72 * HOUR };
/** An attempt that is held waits for as long as a slow machine takes. */
const PATIENT = { retry: SLOW, timeoutMs: 120_000 };

/** Of this file alone: whoever pauses or resumes an endpoint does it for the whole namespace, in which other tests run. */
const FILE = randomUUID();
const [ORDERS, AUDIT, DOWN] = [`orders-${FILE}`, `audit-${FILE}`, `down-${FILE}`] as const;

describe('pending deliveries', () => {
  const runs = useRealRuns({ endAfter: 'all' });
  let run: RealRun;
  let orders: TestReceiver;
  let audit: TestReceiver;
  let port: number;

  beforeAll(async () => {
    orders = await runs.receiver();
    audit = await runs.receiver();
    port = await freePort();
    run = await runs.start({
      endpoints: [
        { name: ORDERS, url: orders.url, ...PATIENT },
        { name: AUDIT, url: audit.url, ...PATIENT },
        { name: DOWN, url: `http://127.0.0.1:${port}/`, ...PATIENT },
      ],
    });
  });

  /** A job whose end nobody has taken: the next attempts are hours away. */
  const refused = async (...endpoints: [string, ...string[]]) => {
    run.provider.says(RUNNING);
    orders.answer(401);
    audit.answer(500);
    const { job, handle } = await run.submit(...endpoints);
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    // Each in an activity that has begun to wait: what the job shows of the first attempts is known before.
    await eventually('all wait', async () => {
      const { raw } = await handle.describe();
      const waiting = (raw.pendingActivities ?? []).filter(({ attempt }) => (attempt ?? 0) > 1);
      return waiting.length === endpoints.length;
    });
    return { job, handle };
  };
  const about = (receiver: TestReceiver, job: string) =>
    receiver.received.filter(({ json }) => json.data?.['job'] === job);

  it('are tried at once when an operator wants that, and keep the numbers of their attempts', async () => {
    const { job, handle } = await refused(ORDERS, AUDIT);
    orders.answer(204);
    await run.jobs.retry('scripted', job, { endpoint: ORDERS });
    await eventually('orders has it', () => about(orders, job).length === 2, {
      show: () => run.jobs.get('scripted', job),
    });
    expect(about(audit, job)).toHaveLength(1);
    audit.answer(204);
    await run.jobs.retry('scripted', job);
    expect(await handle.result()).toMatchObject({
      deliveries: [
        {
          endpoint: ORDERS,
          state: 'delivered',
          attempt_count: 2,
          attempts: [{ number: 1, status: 401 }, { number: 2 }],
        },
        {
          endpoint: AUDIT,
          state: 'delivered',
          attempt_count: 2,
          attempts: [{ number: 1, status: 500 }, { number: 2 }],
        },
      ],
    });
    expect(about(orders, job)).toHaveLength(2);
  });

  it('are tried at once also where the job has only just shown what came of the first attempts', async () => {
    for (let round = 0; round < 3; round++) {
      run.provider.says(RUNNING);
      orders.answer(503);
      audit.answer(503);
      const { job, handle } = await run.submit(ORDERS, AUDIT);
      run.provider.says(SUCCEEDED);
      await run.jobs.complete('scripted', job);
      await eventually('its attempts are shown', async () => {
        const { deliveries } = await run.jobs.get('scripted', job);
        return deliveries.length === 2 && deliveries.every(({ attempts }) => attempts.length === 1);
      });
      orders.answer(204);
      audit.answer(204);
      await run.jobs.retry('scripted', job);
      expect(await handle.result()).toMatchObject({ deliveries: [{ attempt_count: 2 }, { attempt_count: 2 }] });
    }
  });

  it('fail again and wait as long as before, and are tried again as often as somebody wants', async () => {
    const { job, handle } = await refused(ORDERS);
    for (const attempts of [2, 3]) {
      await run.jobs.retry('scripted', job);
      const { deliveries } = await eventually('it has failed again', async () => {
        const view = await run.jobs.get('scripted', job);
        return view.deliveries[0]?.attempt_count === attempts && view;
      });
      const next = Date.parse(deliveries[0]?.attempts.at(-1)?.next_attempt ?? '');
      expect(next - Date.now()).toBeGreaterThan(HOUR);
    }
    await handle.terminate();
  });

  it('are not sent a second time beside an attempt that is under way', async () => {
    const { job, handle } = await refused(ORDERS);
    orders.answer(204);
    const release = orders.hold();
    await run.jobs.retry('scripted', job);
    await eventually('it is under way', () => about(orders, job).length === 2);
    for (let i = 0; i < 5; i++) await run.jobs.retry('scripted', job);
    await createEndpoints(run.client, run.config).resume(ORDERS);
    const retry = run.client.workflow.getHandle(endpointRetryWorkflowId(ORDERS));
    await eventually('all was gone through', async () => {
      const { pendingActivities } = (await retry.describe()).raw;
      return pendingActivities?.some(({ activityType }) => activityType?.name === 'retryUnderWay');
    });
    release();
    expect(await handle.result()).toMatchObject({ deliveries: [{ state: 'delivered', attempt_count: 2 }] });
    expect(about(orders, job)).toHaveLength(2);
  });

  it.each([
    ['a job', (job: string) => run.jobs.retry('scripted', job)],
    ['an endpoint', () => createEndpoints(run.client, run.config).resume(ORDERS)],
  ])('are tried once more where what was under way at the retry of %s comes to nothing', async (_, retry) => {
    const { job, handle } = await refused(ORDERS);
    orders.answer(503);
    const release = orders.hold();
    await run.jobs.retry('scripted', job);
    await eventually('it is under way', () => about(orders, job).length === 2);
    await retry(job);
    orders.answer(204); // what it has received it answers as before
    release();
    expect(await handle.result()).toMatchObject({
      deliveries: [{ state: 'delivered', attempt_count: 3, attempts: [{}, { status: 503 }, { status: 204 }] }],
    });
  });

  it.each([
    ['a job', (job: string) => run.jobs.retry('scripted', job)],
    ['an endpoint', () => createEndpoints(run.client, run.config).resume(ORDERS)],
  ])('are tried once more where other first attempts of the job are under way at the retry of %s', async (_, retry) => {
    run.provider.says(RUNNING);
    orders.answer(401);
    audit.answer(204);
    const release = audit.hold();
    const { job, handle } = await run.submit(ORDERS, AUDIT);
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    await eventually('orders has refused it', () => about(orders, job).length === 1);
    orders.answer(204);
    await retry(job);
    // Longer than anybody waits for an answer of the API.
    await sleep(5_000);
    release();
    const { deliveries } = (await handle.result()) as JobResult;
    expect(new Map(deliveries.map(({ endpoint, attempt_count }) => [endpoint, attempt_count]))).toEqual(
      new Map([
        [AUDIT, 1],
        [ORDERS, 2],
      ]),
    );
  });

  it('are tried at once though nobody was there so often that the worker leaves their endpoint alone', async () => {
    run.provider.says(SUCCEEDED);
    const jobs = await Promise.all(Array.from({ length: 12 }, () => run.submit(DOWN)));
    await eventually('all wait', async () => {
      const views = await Promise.all(jobs.map(({ job }) => run.jobs.get('scripted', job)));
      return views.every(({ deliveries: [delivery] }) => delivery?.attempts[0]?.error ?? delivery?.reason);
    });
    const server = createServer((_, response) => response.writeHead(204).end());
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    // The circuit would let one of them pass after ten seconds: by its clock, they are never over.
    const stoppedAt = performance.now();
    mockClock.now = () => stoppedAt;
    await createEndpoints(run.client, run.config).resume(DOWN);
    await Promise.all(jobs.map(({ handle }) => handle.result()));
    mockClock.now = () => performance.now();
    server.closeAllConnections();
    server.close();
  });

  it('are tried at once though visibility does not show their run yet when their endpoint is resumed', async () => {
    const { job, handle } = await refused(ORDERS);
    orders.answer(204);
    let shownFrom = Infinity;
    const listWorkflowExecutions = async (request: object) => {
      shownFrom = Math.min(shownFrom, performance.now() + 1_000);
      const page = await run.client.workflowService.listWorkflowExecutions(request);
      const isShown = performance.now() >= shownFrom;
      return {
        ...page,
        executions: page.executions.filter((each) => isShown || !each.execution?.workflowId?.endsWith(job)),
      };
    };
    const workflowService = Object.assign(Object.create(run.client.workflowService), { listWorkflowExecutions });
    const client = Object.create(run.client, { workflowService: { value: workflowService } }) as Client;

    const retryPending = createRetryPending({ client, config: run.config } as Dependencies);
    await new MockActivityEnvironment({ scheduledTimestampMs: Date.now() }).run(retryPending, { endpoint: ORDERS });

    expect(await handle.result()).toMatchObject({ deliveries: [{ state: 'delivered', attempt_count: 2 }] });
  });

  it('of a job are not looked for at an endpoint that it does not notify, nor of a job that nobody knows', async () => {
    const { job, handle } = await refused(ORDERS);
    await expect(run.jobs.retry('scripted', job, { endpoint: AUDIT })).rejects.toMatchObject({
      code: 'unprocessable',
      message: expect.stringContaining(ORDERS),
      faults: [{ pointer: '/endpoint' }],
    });
    await expect(run.jobs.retry('scripted', 'nobody')).rejects.toMatchObject({ code: 'job_not_found' });
    orders.answer(204);
    await run.jobs.retry('scripted', job, { endpoint: ORDERS });
    await handle.result();
    await run.jobs.retry('scripted', job); // nothing is pending any more
    expect(about(orders, job)).toHaveLength(2);
  });
});
