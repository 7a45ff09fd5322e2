import { randomUUID } from 'node:crypto';
import type { PassedEvent } from '../../src/domain/job-messages';
import { eventually } from '../support/eventually';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { TestReceiver } from '../support/receiver';
import { RUNNING, SUCCEEDED } from '../support/scripted-provider';

const EVENTS = ['task.running', 'task.succeed', 'job.succeeded', 'compute_node.created'] as const;
const RETRY = { firstMs: 200, factor: 1, maxMs: 200, forMs: 60_000 };

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
        { name: 'ends', url: ends.url },
      ],
    });
    run.provider.says(RUNNING);
  });

  const submit = async () => {
    const job = randomUUID();
    await run.jobs.submit({ provider: 'scripted', job, endpoints: ['all', 'ends'] });
    return job;
  };
  const event = (n: number, type: PassedEvent['type'] = 'task.running'): PassedEvent => ({
    key: `message-${n}`,
    type,
    timestamp: `2026-01-02T03:04:0${n}Z`,
    message: { EventName: type, n },
  });
  const told = () => listening.received.map(({ json }) => json.type);
  const end = async (job: string) => {
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    await run.client.workflow.getHandle(`scripted/${job}`).result();
  };

  it('reaches the endpoints that list it, as it came, once each and in order', async () => {
    const job = await submit();
    for (const n of [1, 2, 2, 1, 3]) await run.inbox.passOn('scripted', job, event(n));
    await eventually('all three are told', () => told().length === 3);
    await end(job);

    expect(told()).toEqual(['task.running', 'task.running', 'task.running', 'job.succeeded']);
    expect(listening.received[1]?.json).toMatchObject({
      timestamp: '2026-01-02T03:04:02Z',
      data: { job, event: { n: 2 }, sequence: 2 },
    });
    expect(ends.received.map(({ json }) => json.type)).toEqual(['job.succeeded']);
    expect(new Set(listening.received.map(({ headers }) => headers['webhook-id'])).size).toBe(4);
  });

  it('neither holds the end of the job up nor is overtaken by it', async () => {
    listening.answer(500);
    const job = await submit();
    await run.inbox.passOn('scripted', job, event(1));
    await eventually('it has been refused', () => told().length > 0);
    run.provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', job);
    await eventually('the end was tried', () => told().includes('job.succeeded'));
    const attempts = told().length;
    await eventually('it was tried on', () => told().slice(attempts).includes('task.running'));

    listening.answer(204);
    await run.client.workflow.getHandle(`scripted/${job}`).result();
    const { deliveries } = await run.jobs.get('scripted', job);
    expect(deliveries.map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered']);
  });

  it('is sent after the end of the job too, once', async () => {
    const job = await submit();
    await end(job);
    await run.inbox.passOn('scripted', job, event(1, 'task.succeed'));
    await run.inbox.passOn('scripted', job, event(1, 'task.succeed'));
    await eventually('it is told', () => told().length === 2);
    expect(told()).toEqual(['job.succeeded', 'task.succeed']);
  });

  it('is refused for a job that nobody submitted', async () => {
    await expect(run.inbox.passOn('scripted', randomUUID(), event(1))).rejects.toMatchObject({ code: 'job_not_found' });
  });

  it('is sent without a job to every configured endpoint that lists it, once', async () => {
    const workflow_id = `scripted/event/${randomUUID()}`;
    const created = { ...event(1, 'compute_node.created'), workflow_id };
    await run.inbox.passOnWithoutJob('scripted', created);
    await run.inbox.passOnWithoutJob('scripted', created);
    await run.client.workflow.getHandle(workflow_id).result();
    expect(told()).toEqual(['compute_node.created']);
    expect(listening.received[0]?.json.data).toMatchObject({ event: { n: 1 } });
    expect(ends.received).toEqual([]);
  });
});
