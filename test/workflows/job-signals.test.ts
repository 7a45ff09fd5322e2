import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { failedTasks } from '../support/event-types';
import { eventually } from '../support/eventually';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import { RUNNING, SUCCEEDED } from '../support/scripted-provider';

/** Anyone's own code may signal a run, with anything. */
describe('signals from anyone', () => {
  const runs = useRealRuns({ endAfter: 'all' });
  let run: RealRun;
  let handle: WorkflowHandle;
  let job: string;

  beforeAll(async () => {
    run = await runs.start();
  });

  beforeEach(async () => {
    run.provider.says(RUNNING);
    job = randomUUID();
    handle = await run.client.workflow.start('job', {
      taskQueue: run.config.temporal.taskQueue,
      workflowId: `scripted/${job}`,
      args: [{ provider: 'scripted', job, subscriptions: [] }],
    });
    await eventually('the provider is asked', () => asked() === 1);
  });

  const asked = () => run.provider.asked.filter((name) => name === job).length;

  const completesAfterwards = async () => {
    run.provider.says(SUCCEEDED);
    await handle.signal('completion');
    expect(await handle.result()).toMatchObject({ state: 'COMPLETED' });
    expect(await failedTasks(handle)).toEqual([]);
  };

  it.each([
    ['no argument', []],
    ['null', [null]],
    ['a text', ['done']],
    ['a list', [[1, 2, 3]]],
    ['an object of other members', [{ foo: { bar: 1 } }]],
    ['members of wrong types', [{ idempotency_key: 17, state: [] }]],
    ['several arguments', ['a', 'b', 'c']],
  ])('takes a completion with %s for a bare hint', async (_, args) => {
    await handle.signal('completion', ...args);
    await eventually('the provider is asked again', () => asked() === 2);
    await completesAfterwards();
  });

  it.each([
    ['of an encoding nobody knows', { encoding: 'binary/nonsense' }, 'zz'],
    ['that is no JSON though it says so', { encoding: 'json/plain' }, '{"half":'],
    ['without any metadata', {}, ''],
  ])('takes a completion with a payload %s for a bare hint', async (_, metadata, data) => {
    await run.client.workflowService.signalWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: handle.workflowId },
      signalName: 'completion',
      requestId: randomUUID(),
      input: {
        payloads: [
          {
            metadata: Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, Buffer.from(value)])),
            data: Buffer.from(data),
          },
        ],
      },
    });
    await eventually('the provider is asked again', () => asked() === 2);
    await completesAfterwards();
  });

  it('takes a heartbeat that names no usable deadline for a bare hint', async () => {
    await handle.signal('heartbeat', { heartbeat_deadline_seconds: 'soon' });
    await eventually('the provider is asked again', () => asked() === 2);
    await completesAfterwards();
  });

  it.each(['somethingElse', '__temporal_reserved', '__stack_trace', 'job', ''])(
    'is not disturbed by a signal called %j',
    async (name) => {
      await handle.signal(name, { any: 'thing' }).catch(() => undefined); // Temporal itself refuses some
      await completesAfterwards();
    },
  );

  it('follows the same idempotency key once', async () => {
    await handle.signal('completion', { idempotency_key: 'k' });
    await eventually('the provider is asked again', () => asked() === 2);
    await handle.signal('completion', { idempotency_key: 'k' });
    await handle.signal('completion', { idempotency_key: 'other' });
    await eventually('the provider is asked for the other key', () => asked() === 3);
    await completesAfterwards();
    expect(asked()).toBe(4);
  });

  it('does not take two signals of different names for one because their keys are the same', async () => {
    await handle.signal('heartbeat', { idempotency_key: 'k', heartbeat_deadline_seconds: 600 });
    await handle.signal('completion', { idempotency_key: 'k' });
    await eventually('the provider is asked again', () => asked() === 2);
    await completesAfterwards();
  });

  it('survives a hundred hints at once with few questions', async () => {
    await Promise.all(Array.from({ length: 100 }, () => handle.signal('completion')));
    await completesAfterwards();
    expect(asked()).toBeLessThan(100);
  });
});
