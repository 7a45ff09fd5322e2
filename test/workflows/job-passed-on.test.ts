import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PassedEvent } from '../../src/domain/event';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import { noticesQueue } from '../../src/domain/scope-watch';
import { eventTypes } from '../support/event-types';
import { eventually } from '../support/eventually';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { TestReceiver } from '../support/receiver';
import { RUNNING, SUCCEEDED } from '../support/scripted-provider';

const EVENTS = ['task.running', 'task.succeed', 'job.succeeded', 'compute_node.created'] as const;
const RETRY = { firstMs: 200, factor: 1, maxMs: 200, forMs: 60_000 };

/** As many as a job with some hundred instances. `NOTICE_BURST=3600` is what a large one does within seconds. */
const BURST = Number(process.env['NOTICE_BURST'] ?? 200);
/** The first of them that are at work, and those that may wait. */
const TAKEN_AT_ONCE = 1_020;

/** What a provider says of something that is not the job's own state. */
describe('an event that is passed on', () => {
  const runs = useRealRuns();
  let listening: TestReceiver;
  let ends: TestReceiver;
  let run: RealRun;

  beforeEach(async () => {
    listening = await runs.receiver();
    ends = await runs.receiver();
    run = await runs.start({
      endpoints: [
        { name: 'all', url: listening.url, events: EVENTS, retry: RETRY },
        { name: 'tasks', url: listening.url, events: ['task.running'], retry: RETRY },
        {
          name: 'slow',
          url: listening.url,
          events: ['task.running', 'job.succeeded'],
          retry: { ...RETRY, firstMs: 5_000, maxMs: 5_000, forMs: 3_600_000 },
        },
        { name: 'ends', url: ends.url },
      ],
    });
    run.provider.says(RUNNING);
  });

  const submit = async (...endpoints: string[]) => {
    const job = randomUUID();
    await run.jobs.submit({ provider: 'scripted', job, endpoints: endpoints.length > 0 ? endpoints : ['all', 'ends'] });
    return job;
  };
  const event = (n: number, type: PassedEvent['type'] = 'task.running'): PassedEvent => ({
    key: `message-${n}`,
    type,
    timestamp: new Date(Date.UTC(2026, 0, 2) + n * 1_000).toISOString(),
    message: { EventName: type, n },
  });
  const notified = () => listening.received.map(({ json }) => json.type);
  const end = async (job: string) => {
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    return run.client.workflow.getHandle(`scripted/${job}`).result();
  };

  it('reaches the endpoints that list it, as it came and once, by a run of its own that the job names', async () => {
    const job = await submit('all', 'tasks', 'ends');
    for (const n of [1, 2, 2, 1]) await run.inbox.passOn('scripted', job, event(n));
    await eventually('both are delivered to both', () => notified().length === 4);
    await end(job);

    const passed = listening.received.filter(({ json }) => json.type === 'task.running');
    expect(passed.find(({ json }) => json['timestamp'] === '2026-01-02T00:00:02.000Z')?.json).toMatchObject({
      data: { job, event: { n: 2 }, sequence: null },
    });
    expect(new Set(passed.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
    expect(ends.received.map(({ json }) => json)).toMatchObject([{ type: 'job.succeeded', data: { sequence: 1 } }]);

    const { notices } = await eventually('both runs are indexed', async () => {
      const view = await run.jobs.get('scripted', job, { include: 'notices' });
      return view.notices.count === 2 && view;
    });
    expect((await run.jobs.get('scripted', job)).notices).toEqual({ query: notices.query });
    for await (const { type, taskQueue, workflowId } of run.client.workflow.list({ query: notices.query })) {
      expect({ type, taskQueue }).toEqual({ type: 'notice', taskQueue: noticesQueue(run.config.temporal.taskQueue) });
      const id = workflowId.split('/').at(-1);
      expect(passed.some(({ headers }) => headers['webhook-id'] === id)).toBe(true);
    }
  });

  it('neither holds the end of the job up nor is held up by it, and is tried until it is delivered', async () => {
    const job = await submit();
    listening.answer(500);
    await run.inbox.passOn('scripted', job, event(1));
    await eventually('it has been refused', () => notified().length > 0);
    listening.answer((before) => (notified()[before] === 'task.running' ? 500 : 204));
    await end(job);
    const attempts = notified().length;
    await eventually('it is tried on', () => notified().slice(attempts).includes('task.running'));
    listening.answer(204);
    const handle = run.client.workflow.getHandle(await noticeId(job));
    expect(await handle.result()).toMatchObject([{ state: 'delivered' }]);
  });

  const noticeId = async (job: string): Promise<string> => {
    const { notices } = await run.jobs.get('scripted', job);
    return eventually('its run is indexed', async () => {
      for await (const { workflowId } of run.client.workflow.list({ query: notices.query })) return workflowId;
      return undefined;
    });
  };

  it('is sent after the end of the job too, once', async () => {
    const job = await submit();
    await end(job);
    for (let n = 0; n < 2; n++) await run.inbox.passOn('scripted', job, event(1, 'task.succeed'));
    await eventually('it is delivered', () => notified().length === 2);
    expect(notified()).toEqual(['job.succeeded', 'task.succeed']);
  });

  it('starts nothing where nobody listens, and is refused for a job that nobody submitted', async () => {
    const start = jest.spyOn(run.client.workflow, 'start');
    const job = await submit('ends');
    await run.inbox.passOn('scripted', job, event(1));
    expect(start.mock.calls.map(([type]) => type)).toEqual(['job']);
    await expect(run.inbox.passOn('scripted', randomUUID(), event(1))).rejects.toMatchObject({ code: 'job_not_found' });
  });

  it('is refused for good where it is larger than a run can hold', async () => {
    const job = await submit();
    const large = { ...event(1), message: { EventName: 'TASK_RUNNING', text: 'x'.repeat(1_600_000) } };
    await expect(run.inbox.passOn('scripted', job, large)).rejects.toMatchObject({ code: 'unprocessable' });
  });

  it('is sent without a job to every configured endpoint that lists it, once', async () => {
    const workflow_id = `scripted/event/${randomUUID()}`;
    const created = { ...event(1, 'compute_node.created'), workflow_id };
    await run.inbox.passOnWithoutJob('scripted', created);
    await run.inbox.passOnWithoutJob('scripted', created);
    await run.client.workflow.getHandle(workflow_id).result();
    expect(notified()).toEqual(['compute_node.created']);
    expect(listening.received[0]?.json.data).toMatchObject({ event: { n: 1 }, sequence: null });
    expect(ends.received).toEqual([]);
  });

  it('is no signal: whatever a plain one says, it is neither passed on nor an end', async () => {
    const job = await submit();
    const handle = run.client.workflow.getHandle(`scripted/${job}`);
    for (const type of ['job.succeeded', 'job.failed', 'task.running']) {
      await handle.signal('passOn', { ...event(1), key: type, type });
    }
    expect(await end(job)).toMatchObject({ state: 'COMPLETED' });
    expect(notified()).toEqual(['job.succeeded']);
  });

  it(
    'a burst of them to an endpoint that is down leaves the run of the job as it is, and its end waits for none',
    async () => {
      const job = await submit('slow', 'ends');
      const handle = run.client.workflow.getHandle(`scripted/${job}`);
      const before = await eventually('the job is known to run', async () => {
        const types = await eventTypes(handle);
        return types.includes('upsertWorkflowSearchAttributes') && types;
      });
      listening.answer(503);

      let refused = 0;
      const passOn = async (n: number): Promise<void> => {
        try {
          await run.inbox.passOn('scripted', job, event(n));
        } catch (error) {
          if (!(error instanceof JobHeraldError && error.code === 'unavailable')) throw error;
          refused++; // a sender gets 503 with Retry-After, and sends it again
          await sleep(5_000 * (0.5 + Math.random()));
          await passOn(n);
        }
      };
      const burst = Promise.all(Array.from({ length: BURST }, (_, n) => passOn(n)));
      await eventually('it is under way', () => notified().length > 0, { withinMs: 120_000 + BURST * 10 });
      expect(await eventTypes(handle)).toEqual(before);
      run.provider.says(SUCCEEDED);
      await run.jobs.complete('scripted', job);
      await eventually('the end is delivered', () => ends.received.length === 1);
      await burst;
      expect(refused > 0).toBe(BURST > TAKEN_AT_ONCE);

      listening.answer(204);
      const delivered = listening.received.length;
      const ids = () => new Set(listening.received.slice(delivered).map(({ headers }) => headers['webhook-id']));
      await eventually('all are delivered', () => ids().size === BURST + 1, { withinMs: 120_000 + BURST * 100 });
    },
    400_000 + BURST * 200,
  );
});
