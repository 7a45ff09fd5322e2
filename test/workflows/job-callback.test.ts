import { randomUUID } from 'node:crypto';
import { ActivityFailure, ApplicationFailure, RetryState, TimeoutFailure } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time';
import { NOT_ASKED_YET } from '../../src/domain/job-run';
import { ProviderError } from '../../src/providers/provider';
import { wasAsked } from '../../workflows/job/ask';
import { eventually } from '../support/eventually';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { TestReceiver } from '../support/receiver';
import { RUNNING, type ScriptedProvider, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';

const ORIGIN = { task_id: 'classify', outputs: [{ name: 'report' }] };

/** Jobs that are announced by a message, and whose identity at the provider a callback names. */
describe('a job that waits for a callback', () => {
  const runs = useRealRuns();
  let receiver: TestReceiver;
  let provider: ScriptedProvider;
  let run: RealRun;

  beforeEach(async () => {
    receiver = await runs.receiver();
    provider = scriptedProvider({
      poll: { firstMs: 300, factor: 1, maxMs: 300 },
      rules: { truth: 'provider', ask_from: 'identity', release: true },
      track: { auto: true, endpoints: ['all'] },
    });
    run = await runs.start({
      provider,
      endpoints: [{ name: 'all', url: receiver.url, events: ['job.running', 'job.succeeded', 'job.failed'] }],
    });
  });

  const told = () => receiver.received.map(({ json }) => json.type);
  const track = (more: object = {}) => {
    const job = randomUUID();
    const initial = { ...NOT_ASKED_YET, state: 'RUNNING', provider_state: 'Accepted' } as const;
    return run.inbox.track({ provider: 'scripted', job, origin: ORIGIN, initial, ...more }).then(() => job);
  };
  const handleOf = (job: string) => run.client.workflow.getHandle(`scripted/${job}`);
  const callback = (job: string, identity = 'argo-1', key: string = randomUUID()) =>
    run.inbox.callback('scripted', job, { idempotency_key: key, identity, metadata: { by: 'test' } });

  it('publishes what is known from the start, and asks nobody before there is an identity', async () => {
    const job = await track();
    await eventually('it is notified that it runs', () => told().length === 1);
    await run.jobs.complete('scripted', job);
    expect(await run.jobs.get('scripted', job)).toMatchObject({ state: 'RUNNING', provider_state: 'Accepted' });
    expect(provider.asked).toEqual([]);
  });

  it('has its end in the history when the callback is answered, and gives back what it held, once', async () => {
    provider.says(SUCCEEDED);
    const job = await track();
    await eventually('it is notified that it runs', () => told().length === 1);
    const release = receiver.hold();

    expect(await callback(job)).toEqual({ effect: 'recorded' });

    const { events } = await handleOf(job).fetchHistory();
    const answered = events?.find((event) => event.workflowExecutionUpdateCompletedEventAttributes);
    const delivery = events?.findLast(({ activityTaskScheduledEventAttributes: it }) =>
      it?.activityId?.startsWith('all/'),
    );
    // One transaction: whoever sent the callback may forget it, and the end is to be told.
    expect(delivery?.activityTaskScheduledEventAttributes?.workflowTaskCompletedEventId).toEqual(
      lastTaskBefore(events, answered?.eventId),
    );
    expect(provider.lastContext).toEqual({ origin: ORIGIN, identity: 'argo-1' });

    release();
    expect(await handleOf(job).result()).toMatchObject({ state: 'COMPLETED', completed_by: 'signal' });
    expect(told()).toEqual(['job.running', 'job.succeeded']);
    expect(provider.released).toEqual([job]);
  });

  it('answers the same callback again without a second question, and a later one without effect', async () => {
    provider.says(SUCCEEDED);
    const job = await track();
    const release = receiver.hold();
    await eventually('it is notified that it runs', () => told().length === 1);
    const [first, second] = await Promise.all([callback(job, 'argo-1', 'k'), callback(job, 'argo-1', 'k')]);
    expect([first, second]).toEqual([{ effect: 'recorded' }, { effect: 'recorded' }]);
    expect(await callback(job, 'argo-1', 'another')).toEqual({ effect: 'no_effect' });
    release();
    await handleOf(job).result();
    expect(await callback(job, 'argo-1', 'late')).toMatchObject({ effect: 'no_effect' });
    expect(provider.asked).toEqual([job]);
    expect(told()).toEqual(['job.running', 'job.succeeded']);
  });

  it('polls from the callback on, where the job has not ended', async () => {
    provider.says(RUNNING);
    const job = await track();
    expect(await callback(job)).toEqual({ effect: 'recorded' });
    // What the provider says, and no longer what was known before it was asked.
    expect(await run.jobs.get('scripted', job)).toMatchObject({ provider_state: 'JOB_STATE_RUNNING' });
    provider.says(SUCCEEDED);
    expect(await handleOf(job).result()).toMatchObject({ state: 'COMPLETED', completed_by: 'poll' });
  });

  it('keeps the first identity that was accepted', async () => {
    provider.says(RUNNING);
    const job = await track();
    await callback(job, 'argo-1');
    await callback(job, 'argo-2');
    expect(provider.lastContext?.identity).toBe('argo-1');
  });

  it.each(['not_found', 'unreadable', 'permission_denied'] as const)(
    'refuses a callback that the provider answers with %s, and stays open',
    async (code) => {
      provider.says(new ProviderError(code, 'no such workflow'));
      const job = await track();
      expect(await callback(job)).toEqual({ effect: 'rejected', reason: 'no such workflow' });
      expect(provider.asked.length).toBe(1);
      provider.says(SUCCEEDED);
      expect(await callback(job, 'argo-2')).toEqual({ effect: 'recorded' });
      expect(provider.lastContext?.identity).toBe('argo-2');
    },
  );

  it('asks on while the provider is unavailable for a moment', async () => {
    provider.says(new ProviderError('unavailable', 'no connection'));
    const job = await track();
    const answer = callback(job);
    await eventually('it was asked', () => provider.asked.length > 0);
    provider.says(SUCCEEDED);
    expect(await answer).toEqual({ effect: 'recorded' });
  });

  it('asks again where nothing came of asking in time', async () => {
    const release = provider.holdNext();
    const job = await track();
    const answer = callback(job);
    await eventually('it is asked', () => provider.asked.length === 1);
    provider.says(SUCCEEDED);
    // Its 40 seconds, over at once: so it ends where no worker comes, and where one dies over it.
    await run.client.workflowService.updateActivityOptions({
      namespace: run.config.temporal.namespace,
      execution: { workflowId: `scripted/${job}` },
      type: 'getJobStatusOnce',
      activityOptions: { scheduleToCloseTimeout: msToTs(1_000) },
      updateMask: { paths: ['schedule_to_close_timeout'] },
    });
    expect(await answer).toEqual({ effect: 'recorded' });
    release();
    expect(provider.asked).toEqual([job, job]);
    expect(await handleOf(job).result()).toMatchObject({ state: 'COMPLETED', completed_by: 'signal' });
  });

  it('is over at once when it takes too long, though its provider is still being asked', async () => {
    const release = provider.holdNext();
    // On a slow machine the callback may come after the first of them.
    for (const timeout_seconds of [1, 5, 20]) {
      const job = await track({ timeout_seconds });
      expect(await callback(job)).toEqual({ effect: 'no_effect' });
      expect(await handleOf(job).result()).toMatchObject({ state: 'FAILED', reason: 'TIMED_OUT' });
      if (provider.asked.includes(job)) break;
    }
    expect(provider.asked).toHaveLength(1);
    release();
  });

  it('refuses a callback without an identity, from anybody’s own code', async () => {
    const job = await track();
    expect(await handleOf(job).executeUpdate('callback', { args: ['nonsense'] })).toMatchObject({ effect: 'rejected' });
  });

  it('knows no run for a callback that nobody expects', async () => {
    await expect(callback(randomUUID())).rejects.toMatchObject({ code: 'job_not_found' });
  });

  it('is over at once where the announcement says that it is', async () => {
    const initial = { ...NOT_ASKED_YET, state: 'FAILED', provider_state: 'Failed', reason: 'RUNNER_NOT_SUPPORTED' };
    const job = await track({ initial });
    expect(await handleOf(job).result()).toMatchObject({ state: 'FAILED', reason: 'RUNNER_NOT_SUPPORTED' });
    expect(told()).toEqual(['job.failed']);
    expect(provider.released).toEqual([]);
  });

  it('has failed when it takes too long, and a success that comes later does not undo it', async () => {
    provider.says(RUNNING);
    const job = await track({ timeout_seconds: 1 });
    expect(await handleOf(job).result()).toMatchObject({ state: 'FAILED', reason: 'TIMED_OUT' });
    provider.says(SUCCEEDED);
    expect(await callback(job)).toMatchObject({ effect: 'no_effect' });
    // That it runs may have been overtaken, on a machine that takes a second to say so.
    expect(told().filter((type) => type !== 'job.running')).toEqual(['job.failed']);
  });

  it('begins once, however often it is announced', async () => {
    const job = await track();
    expect(await run.inbox.track({ provider: 'scripted', job, origin: ORIGIN })).toEqual({ created: false });
  });
});

const unanswered = ApplicationFailure.create({ type: 'Unanswered', message: 'no connection' });
test.each([
  ['the provider did not answer', unanswered, true],
  [
    'time was over while it was asked again',
    Object.assign(new TimeoutFailure('too late', undefined, 'SCHEDULE_TO_CLOSE'), { cause: unanswered }),
    true,
  ],
  [
    'no worker came to ask',
    new TimeoutFailure('activity ScheduleToStart timeout', undefined, 'SCHEDULE_TO_START'),
    false,
  ],
  ['the worker died over it', new TimeoutFailure('activity StartToClose timeout', undefined, 'START_TO_CLOSE'), false],
])('a callback is refused only for what came of asking: %s', (_what, cause, expected) => {
  const failure = new ActivityFailure('failed', 'getJobStatusOnce', '1', RetryState.TIMEOUT, 'worker', cause);
  expect(wasAsked(failure)).toBe(expected);
});

type Events = Awaited<ReturnType<ReturnType<RealRun['client']['workflow']['getHandle']>['fetchHistory']>>['events'];

/** The id of the workflow task's completion that an event came of. */
function lastTaskBefore(events: Events, eventId: unknown) {
  const before = (events ?? []).filter((event) => Number(event.eventId) < Number(eventId));
  return before.findLast((event) => event.workflowTaskCompletedEventAttributes)?.eventId;
}
