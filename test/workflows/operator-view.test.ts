import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter, type TypedSearchAttributes } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { JobMemo } from '../../src/domain/job-run';
import { currentDetails } from '../support/current-details';
import { eventually } from '../support/eventually';
import { startImpatientTemporal } from '../support/impatient-temporal';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { RealTemporal } from '../support/real-temporal';
import type { TestReceiver } from '../support/receiver';
import { SUCCEEDED, scriptedProvider } from '../support/scripted-provider';

const SOON = { firstMs: 200, factor: 1, maxMs: 200, forMs: 60_000 };
const SUBMISSION = {
  endpoints: ['orders', 'audit'],
  idempotency_key: 'K',
  correlation_id: 'C',
  labels: { team: 'ml', note: '| [x](https://evil.example)\n| **b** |' },
  heartbeat_deadline_seconds: 3600,
};

describe('an operator', () => {
  const runs = useRealRuns();
  let run: RealRun;
  let orders: TestReceiver;
  let audit: TestReceiver;

  const start = async (temporalServer?: RealTemporal) => {
    run = await runs.start({
      temporal: temporalServer,
      provider: scriptedProvider(),
      endpoints: [
        { name: 'orders', url: orders.url, retry: SOON },
        { name: 'audit', url: audit.url, retry: SOON, events: ['job.running', 'job.succeeded'] },
      ],
    });
    const job = randomUUID();
    await run.jobs.submit({ provider: 'scripted', job, ...SUBMISSION });
    const handle = run.client.workflow.getHandle(`scripted/${job}`);
    await eventually('job.running is notified', () => audit.received.length === 1);
    return { job, handle };
  };

  beforeEach(async () => {
    orders = await runs.receiver();
    audit = await runs.receiver();
  });

  it('reads in one line which job it is and which endpoints it notifies, and in the details what was submitted', async () => {
    const { job, handle } = await start();
    const description = await handle.describe();
    expect(await description.staticSummary()).toBe(`scripted job ${job} → orders, audit`);
    const details = await description.staticDetails();
    expect(details).toContain(`Job \`${job}\` of \`scripted\``);
    expect(details).toContain('Idempotency key `K`, correlation id `C`');
    expect(details).toContain('`team`: ml');
    expect(details).toContain('`note`: \\| \\[x\\](https://evil.example) \\| \\*\\*b\\*\\* \\|\n');
    expect(details).toContain('| audit | `standard` | `job.running`, `job.succeeded` |');
  });

  it('sees in the Call Stack where in the code the run waits', async () => {
    const { handle } = await start();
    expect(await handle.query('__stack_trace')).toMatch(/at somethingToDo \(.*workflows\/job\.ts:\d+/);
  });

  it('finds the keys and labels of the submission in the memo', async () => {
    const { handle } = await start();
    expect((await handle.describe()).memo).toMatchObject({
      idempotency_key: 'K',
      correlation_id: 'C',
      labels: { team: 'ml' },
    });
  });

  it('finds a run by its provider, its endpoints and its state from the start, and by how it ended once it has', async () => {
    const { job, handle } = await start();
    expect(attributesOf((await handle.describe()).typedSearchAttributes)).toEqual({
      JobProvider: 'scripted',
      JobState: 'RUNNING',
      JobEndpoint: ['orders', 'audit'],
    });

    orders.answer(400, { 'webhook-delivery': 'abort-message' });
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    await handle.result();
    expect(attributesOf((await handle.describe()).typedSearchAttributes)).toEqual({
      JobProvider: 'scripted',
      JobState: 'COMPLETED',
      JobEndpoint: ['orders', 'audit'],
      CompletedBy: 'signal',
      JobEndedAt: new Date(SUCCEEDED.ended_at ?? ''),
      DeliveryState: ['delivered', 'gone'],
    });
  });

  it('finds the end as soon as it is known, while no endpoint takes it', async () => {
    orders.answer(503);
    audit.answer(503);
    const { job, handle } = await start();
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    await eventually('a delivery was tried', () => orders.received.length > 0);
    const { memo, typedSearchAttributes } = await handle.describe();
    expect(memo?.['ended']).toMatchObject({ status: { state: 'COMPLETED' }, completed_by: 'signal' });
    expect(attributesOf(typedSearchAttributes)).toMatchObject({
      JobState: 'COMPLETED',
      CompletedBy: 'signal',
      DeliveryState: expect.arrayContaining(['pending']),
    });
    expect(await run.jobs.get('scripted', job)).toMatchObject({ phase: 'notifying', outcome: 'COMPLETED' });
    orders.answer(204);
    audit.answer(204);
    await handle.result();
  });

  it('reads what the run is doing in each of its phases, with a table of its deliveries', async () => {
    const { job, handle } = await start();
    const waiting = await currentDetails(handle);
    expect(waiting).toMatch(/^\*\*waiting\*\*: Waiting for a `completion` signal/);
    expect(waiting).toContain('State: `RUNNING` (provider state `JOB_STATE_RUNNING`)');

    orders.answer(503);
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    const notifying = await eventually('the end is notified to one of two', async () => {
      const details = await currentDetails(handle);
      return details.includes('| audit | `job.succeeded` | `delivered` | 1 |') && details;
    });
    expect(notifying).toMatch(/^\*\*notifying\*\*: The job has ended/);
    expect(notifying).toContain('Completed by: signal');
    expect(notifying).toContain('Output: `gs://bucket/out`');
    expect(notifying).toContain('| endpoint | event | delivery | attempts |\n| --- | --- | --- | --- |');
    expect(notifying).toContain('| orders | `job.succeeded` | `pending` | see the pending activity |');

    orders.answer(204);
    await handle.result();
    const done = await currentDetails(handle);
    expect(done).toMatch(/^\*\*done\*\*/);
    expect(done).toMatch(/\| orders \| `job.succeeded` \| `delivered` \| \d+ \|/);
  });

  it('reads a summary on every activity and timer', async () => {
    const { job, handle } = await start();
    await run.jobs.complete('scripted', job);
    await run.jobs.cancel('scripted', job);
    await eventually('the provider is asked to cancel', () => run.provider.canceled.length === 1);
    // Hint after hint, so that one comes within a second of the last question, however slow the machine is.
    await eventually('a question waits for its second', async () => {
      await run.jobs.complete('scripted', job);
      return (await summariesOf(handle)).includes('at most one question a second');
    });
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    await handle.result();

    const summaries = await summariesOf(handle);
    expect(summaries).not.toContain(undefined);
    // Only where an answer takes more than a moment.
    const slowly = 'asks scripted until it answers';
    expect(new Set([...summaries, slowly])).toEqual(
      new Set([
        slowly,
        'asks scripted for the status of the job',
        'asks scripted to cancel the job',
        'at most one question a second',
        'heartbeat deadline',
        'safety timer',
        'until the provider is asked what came of the cancellation',
        'notifies audit: job.running',
        'notifies orders, audit: job.succeeded',
      ]),
    );
  });

  describe('of a run that continues as new', () => {
    let impatient: RealTemporal;
    beforeAll(async () => {
      impatient = await startImpatientTemporal({ events: 40 });
    });
    afterAll(() => impatient.close());

    /** Sends heartbeats until the run has been continued. */
    const growOld = async (handle: WorkflowHandle) => {
      const { runId } = await handle.describe();
      await eventually('the run is continued', async () => {
        await handle.signal('heartbeat', { heartbeat_deadline_seconds: 3600 });
        return (await handle.describe()).runId !== runId;
      });
      return run.client.workflow.getHandle(handle.workflowId, runId);
    };

    it('finds the later run, too, and reads there what it is about', async () => {
      const { job, handle } = await start(impatient);
      await growOld(handle);
      const { memo, typedSearchAttributes } = await handle.describe();
      expect(memo).toMatchObject({ idempotency_key: 'K', correlation_id: 'C', labels: { team: 'ml' } });
      expect(attributesOf(typedSearchAttributes)).toEqual({
        JobProvider: 'scripted',
        JobState: 'RUNNING',
        JobEndpoint: ['orders', 'audit'],
      });
      const details = await currentDetails(handle);
      expect(details).toContain(`Job \`${job}\` of \`scripted\`, idempotency key \`K\``);
      expect(details).toContain('**waiting**');
      expect(details).toContain('| audit | `job.running` | `delivered` | 1 |');
    });

    it('misses nothing about the end, not even before a worker has seen the later run', async () => {
      const { job, handle } = await start(impatient);
      orders.answer(503);
      run.provider.says(SUCCEEDED);
      await run.jobs.complete('scripted', job);
      await eventually('the end was tried', () => orders.received.length > 0);
      const earlier = await growOld(handle);

      const started = (await handle.fetchHistory()).events?.[0]?.workflowExecutionStartedEventAttributes;
      expect(decoded<JobMemo['ended']>(started?.memo?.fields?.['ended'])).toMatchObject({
        status: { state: 'COMPLETED' },
        completed_by: 'signal',
      });
      expect(attributesOf((await handle.describe()).typedSearchAttributes)).toMatchObject({
        JobState: 'COMPLETED',
        CompletedBy: 'signal',
        JobEndedAt: new Date(SUCCEEDED.ended_at ?? ''),
        DeliveryState: expect.arrayContaining(['pending']),
      });
      expect(await currentDetails(handle)).toContain(
        '| orders | `job.succeeded` | `pending` | see the pending activity |',
      );
      expect(await summariesOf(earlier)).toContain('reads how far the pending deliveries have come');
      expect([...(await summariesOf(earlier)), ...(await summariesOf(handle))]).not.toContain(undefined);
    });
  });
});

/** Those of jobherald; the server adds some of its own. */
function attributesOf(attributes: TypedSearchAttributes): Record<string, unknown> {
  return Object.fromEntries(
    attributes
      .getAll()
      .filter(({ key }) => key.name !== 'BuildIds')
      .map(({ key, value }) => [key.name, value]),
  );
}

/** The summary, where there is one, of each activity, local activity and timer of a run. */
async function summariesOf(handle: WorkflowHandle): Promise<(string | undefined)[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? [])
    .filter(
      ({ activityTaskScheduledEventAttributes, timerStartedEventAttributes, markerRecordedEventAttributes }) =>
        activityTaskScheduledEventAttributes || timerStartedEventAttributes || markerRecordedEventAttributes,
    )
    .map(({ userMetadata }) => decoded<string>(userMetadata?.summary));
}

function decoded<T>(payload: temporal.api.common.v1.IPayload | null | undefined): T | undefined {
  return payload ? defaultPayloadConverter.fromPayload<T>(payload) : undefined;
}
