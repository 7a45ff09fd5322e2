import type { JobEvent } from '../../../src/domain/event';
import { NOT_ASKED_YET } from '../../../src/domain/job-run';
import { renderMonai } from '../../../src/providers/monai/format';

const ORIGIN = {
  workflow_instance_id: 'w-1',
  task_id: 't-1',
  execution_id: 'e-1',
  correlation_id: 'c-1',
  outputs: [{ name: 'segmentation', bucket: 'b' }],
};

function event(type: JobEvent['type'], given: Partial<JobEvent['data']> = {}, parts: Partial<JobEvent> = {}): JobEvent {
  return {
    id: '0b6c7a9e-5b0a-5c3a-9f3e-1d2c3b4a5968',
    type,
    timestamp: '2026-01-02T03:15:30Z',
    workflow_id: 'monai/e-1',
    origin: ORIGIN,
    native: null,
    ...parts,
    data: {
      provider: 'monai',
      job: 'e-1',
      ...NOT_ASKED_YET,
      state: 'COMPLETED',
      provider_state: 'Succeeded',
      sequence: 1,
      correlation_id: 'c-1',
      idempotency_key: 'k',
      metadata: {},
      labels: {},
      ...given,
    },
  };
}
const bodyOf = (told: JobEvent) => JSON.parse(renderMonai(told).body);

test('a success is a TaskUpdateEvent with the names of the dispatch, old and new', () => {
  const native = {
    identity: 'md-1',
    metadata: { acceptance: true, JobIdentity: 'of-the-callback' },
    stats: { duration: '630000' },
  };
  const { body, broker, content_type } = renderMonai(event('job.succeeded', {}, { native }));
  expect(JSON.parse(body)).toEqual({
    workflow_instance_id: 'w-1',
    workflow_id: 'w-1',
    task_id: 't-1',
    execution_id: 'e-1',
    correlation_id: 'c-1',
    status: 'Succeeded',
    taskStats: { duration: '630000' },
    reason: 'None',
    message: '',
    outputs: [{ name: 'segmentation', bucket: 'b' }],
    metadata: { acceptance: true, JobIdentity: 'md-1' },
  });
  expect(broker).toEqual({ type: 'TaskUpdateEvent', correlation_id: 'c-1' });
  expect(content_type).toBe('application/json');
});

test.each([
  ['job.running', 'Accepted', null, 'None'],
  ['job.failed', 'Failed', null, 'ExternalServiceError'],
  ['job.failed', 'Failed', 'LOST', 'ExternalServiceError'],
  ['job.failed', 'Failed', 'TIMED_OUT', 'TimedOut'],
  ['job.failed', 'Failed', 'RUNNER_NOT_SUPPORTED', 'RunnerNotSupported'],
  ['job.canceled', 'Canceled', 'CANCELED_BY_REQUEST', 'None'],
  ['job.partially_failed', 'PartialFail', null, 'None'],
] as const)('%s is %s; the reason %p is %s', (type, status, reason, told) => {
  expect(bodyOf(event(type, { reason, message: 'as it was said' }))).toMatchObject({
    status,
    reason: told,
    message: 'as it was said',
  });
});

test("a failure without a message of its own has that of the provider's error", () => {
  expect(bodyOf(event('job.failed', { error: { code: 'Error', message: 'OOM' } }))).toMatchObject({ message: 'OOM' });
});

test('a task that no dispatch has announced is called what its callback calls it', () => {
  const ids = { workflow_instance_id: 'w-9', task_id: 't-9', execution_id: 'e-1', correlation_id: 'c-9' };
  const told = event('job.succeeded', {}, { origin: null, native: { identity: 'md-1', metadata: {}, ids } });
  expect(bodyOf(told)).toMatchObject({ ...ids, workflow_id: 'w-9' });
});

test("a job of another provider has Temporal's workflow ID where MONAI has its own", () => {
  const vertex = event(
    'job.succeeded',
    { provider: 'vertex-ai', job: 'projects/1/x', correlation_id: null },
    { origin: null, workflow_id: 'vertex-ai/projects/1/x' },
  );
  expect(bodyOf(vertex)).toMatchObject({
    workflow_instance_id: 'vertex-ai/projects/1/x',
    workflow_id: 'vertex-ai/projects/1/x',
    task_id: 'projects/1/x',
    execution_id: 'projects/1/x',
    correlation_id: 'vertex-ai/projects/1/x',
    outputs: [],
    metadata: {},
  });
});
