import type { JobEvent, JobEventData } from '../../../src/domain/event';
import type { EventType, PassedThroughEventType } from '../../../src/domain/event-type';
import { NOT_ASKED_YET } from '../../../src/domain/job-run';
import type { JsonObject } from '../../../src/domain/json';
import { makePassedEvent } from '../../../src/domain/make-event';
import type { Subscription } from '../../../src/domain/subscription';
import { isSubscribed } from '../../../src/formats/vocabulary';
import { eventNameOf, renderTencentBatch } from '../../../src/providers/tencent-batch/format';
import { toJobStatus } from '../../../src/providers/tencent-batch/job-status';
import { violations } from '../../schemas/ajv';
import { COMPUTE_NODE_CREATED, JOB, TASK_INSTANCE_RUNNING } from './events';

const NATIVE = { Region: 'ap-guangzhou', Batch: { JobId: JOB, JobName: 'nightly', JobState: 'SUCCEED', Priority: 10 } };

function jobEvent(type: EventType, data: Partial<JobEventData> = {}, native: JsonObject | null = NATIVE): JobEvent {
  return {
    id: '5f2d9d7e-7b9a-5c43-8d0e-2f0a4a2b9c11',
    type,
    timestamp: '2026-03-01T08:00:00.123Z',
    workflow_id: `tencent-batch/${JOB}`,
    origin: null,
    native,
    data: {
      provider: 'tencent-batch',
      job: JOB,
      ...NOT_ASKED_YET,
      state: 'COMPLETED',
      provider_state: 'SUCCEED',
      sequence: 1,
      correlation_id: null,
      idempotency_key: '5f2d9d7e-7b9a-5c43-8d0e-2f0a4a2b9c11',
      metadata: {},
      labels: {},
      ...data,
    },
  };
}

const eventIn = (event: JobEvent, telling: Pick<Subscription, 'vars' | 'selected'> = {}) => {
  const body = JSON.parse(renderTencentBatch(event, telling).body);
  expect(violations('TencentBatchEvent', body)).toEqual([]);
  const { Events, ...rest } = body;
  expect(rest).toEqual({});
  expect(Events).toHaveLength(1);
  return Events[0];
};

test('a job that has succeeded, in the shape of the published sample', () => {
  const vars = [{ name: 'team', value: 'orders' }];
  expect(eventIn(jobEvent('job.succeeded'), { vars })).toEqual({
    EventVersion: '1.0',
    EventTime: '2026-03-01T08:00:00Z',
    Region: 'ap-guangzhou',
    Batch: { JobId: JOB, JobName: 'nightly', JobState: 'SUCCEED', Priority: 10 },
    EventName: 'JOB_SUCCEED',
    EventVars: [{ Name: 'team', Value: 'orders' }],
  });
});

test('names the members in the order of the sample', () => {
  expect(Object.keys(eventIn(jobEvent('job.succeeded')))).toEqual([
    'EventVersion',
    'EventTime',
    'Region',
    'Batch',
    'EventName',
    'EventVars',
  ]);
});

test.each<[EventType, Partial<JobEventData>, string, string]>([
  ['job.running', {}, 'JOB_RUNNING', 'RUNNING'],
  ['job.succeeded', {}, 'JOB_SUCCEED', 'SUCCEED'],
  ['job.failed', {}, 'JOB_FAILED', 'FAILED'],
  ['job.failed', { reason: 'LOST' }, 'JOB_FAILED', 'FAILED'],
  ['job.failed', { reason: 'FAILED_INTERRUPTED' }, 'JOB_FAILED_INTERRUPTED', 'FAILED_INTERRUPTED'],
  ['job.partially_failed', {}, 'JOB_FAILED', 'FAILED'],
  ['job.canceled', {}, 'JOB_FAILED', 'FAILED'],
])('%s %j is %s', (type, data, EventName, JobState) => {
  expect(eventNameOf(jobEvent(type, data))).toBe(EventName);
  expect(eventIn(jobEvent(type, data))).toMatchObject({ EventName, Batch: { JobId: JOB, JobState } });
});

test('there is no name for progress, nor for a missed heartbeat', () => {
  expect(eventNameOf(jobEvent('job.progress'))).toBeUndefined();
  expect(eventNameOf(jobEvent('job.stalled'))).toBeUndefined();
});

test('a canceled job has the reason Canceled', () => {
  const canceled = jobEvent('job.canceled', { message: 'by an operator' });
  expect(eventIn(canceled).Batch.StateReason).toBe('Canceled');
});

test('a failed job has its reason, and one whose instance is kept states that it still bills', () => {
  expect(eventIn(jobEvent('job.failed', { message: 'exit code 1' })).Batch.StateReason).toBe('exit code 1');
  expect(eventIn(jobEvent('job.failed', { error: { code: 5, message: 'quota' } })).Batch.StateReason).toBe('quota');

  const { status } = toJobStatus(
    { JobId: JOB, JobState: 'FAILED_INTERRUPTED', StateReason: 'exit code 1' },
    'ap-guangzhou',
  );
  const { native, ...data } = status;
  const { EventName, Batch } = eventIn(jobEvent('job.failed', data, native));
  expect(EventName).toBe('JOB_FAILED_INTERRUPTED');
  expect(Batch.StateReason).toMatch(/^exit code 1; .*still bills/);
});

test('carries the job of another provider too', () => {
  const job = 'projects/1/locations/x/batchPredictionJobs/2';
  const data = { provider: 'vertex-ai', job, provider_state: 'JOB_STATE_SUCCEEDED' };
  expect(eventIn(jobEvent('job.succeeded', data, null))).toMatchObject({
    Region: '',
    Batch: { JobId: job, JobState: 'SUCCEED' },
    EventVars: [],
  });
});

test('the time is in UTC, whatever offset it came with', () => {
  const event = { ...jobEvent('job.succeeded'), timestamp: '2026-03-01T10:00:00+02:00' };
  expect(eventIn(event).EventTime).toBe('2026-03-01T08:00:00Z');
});

test('vars are those of the selected event, not of another', () => {
  const selected = [
    { name: 'JOB_SUCCEED', vars: [{ name: 'a', value: '1' }] },
    {
      name: 'JOB_FAILED',
      vars: [
        { name: 'a', value: '2' },
        { name: 'b', value: '' },
      ],
    },
  ];
  expect(eventIn(jobEvent('job.succeeded'), { selected }).EventVars).toEqual([{ Name: 'a', Value: '1' }]);
  expect(eventIn(jobEvent('job.failed'), { selected }).EventVars).toEqual([
    { Name: 'a', Value: '2' },
    { Name: 'b', Value: '' },
  ]);
});

describe('what is passed through', () => {
  const { data } = jobEvent('job.running');
  const passed = (message: JsonObject, type: PassedThroughEventType) =>
    makePassedEvent(
      { ...data, idempotency_key: 'k' },
      { key: 'm/0', type, timestamp: '2026-03-01T08:00:00Z', message },
    );

  test.each([
    [
      'task_instance.running' as const,
      { ...TASK_INSTANCE_RUNNING, EventVars: [{ Name: 'own', Value: 'x' }], More: null },
    ],
    ['compute_node.created' as const, COMPUTE_NODE_CREATED],
  ])('%s goes out as it came, vars included', (type, message) => {
    const vars = [{ name: 'ours', value: 'y' }];
    const event = passed(message, type);
    expect(renderTencentBatch(event, { vars }).body).toBe(JSON.stringify({ Events: [message] }));
    expect(eventNameOf(event)).toBe(message.EventName);
  });
});

describe('who selects by name', () => {
  const subscription = (...names: string[]): Subscription => ({
    endpoint: 'e',
    events: [],
    format: 'standard',
    selected: names.map((name) => ({ name, vars: [] })),
  });
  const interrupted = jobEvent('job.failed', { reason: 'FAILED_INTERRUPTED' });

  test('is notified of exactly that', () => {
    expect(isSubscribed(subscription('JOB_FAILED'), jobEvent('job.failed'))).toBe(true);
    expect(isSubscribed(subscription('JOB_FAILED'), jobEvent('job.canceled'))).toBe(true);
    expect(isSubscribed(subscription('JOB_FAILED'), interrupted)).toBe(false);
    expect(isSubscribed(subscription('JOB_FAILED_INTERRUPTED'), interrupted)).toBe(true);
    expect(isSubscribed(subscription('JOB_FAILED_INTERRUPTED'), jobEvent('job.failed'))).toBe(false);
    expect(isSubscribed(subscription('JOB_SUCCEED'), jobEvent('job.progress'))).toBe(false);
  });
});
