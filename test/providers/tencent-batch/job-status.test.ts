import { STILL_BILLS, toJobStatus } from '../../../src/providers/tencent-batch/job-status';

const JOB = { JobId: 'job-8hrvpkow', JobName: 'nightly', CreateTime: '2026-01-02T03:00:00Z' };
const statusOf = (job: object) => toJobStatus({ ...JOB, ...job }, 'ap-guangzhou').status;

test.each([
  ['SUBMITTED', 'PENDING'],
  ['PENDING', 'PENDING'],
  ['RUNNABLE', 'QUEUED'],
  ['STARTING', 'RUNNING'],
  ['RUNNING', 'RUNNING'],
  ['SUCCEED', 'COMPLETED'],
  ['FAILED', 'FAILED'],
  ['FAILED_INTERRUPTED', 'FAILED'],
] as const)('%s is %s', (word, state) => {
  const { status, warning } = toJobStatus({ ...JOB, JobState: word }, 'ap-guangzhou');
  expect(status).toMatchObject({ state, provider_state: word });
  expect(warning).toBeUndefined();
});

test('an unknown state is not terminal, and causes a warning', () => {
  const { status, warning } = toJobStatus({ ...JOB, JobState: 'HIBERNATING' }, 'ap-guangzhou');
  expect(status).toMatchObject({ state: 'RUNNING', provider_state: 'HIBERNATING' });
  expect(warning).toContain('HIBERNATING');
});

test('a failure has its reason', () => {
  expect(statusOf({ JobState: 'FAILED', StateReason: 'exit code 137' })).toMatchObject({
    reason: null,
    message: 'exit code 137',
    error: { code: 'FAILED', message: 'exit code 137' },
  });
});

test('a job that failed with its instance kept states that this still bills', () => {
  const status = statusOf({ JobState: 'FAILED_INTERRUPTED', StateReason: 'exit code 1' });
  expect(status).toMatchObject({
    state: 'FAILED',
    reason: 'FAILED_INTERRUPTED',
    message: `exit code 1; ${STILL_BILLS}`,
    error: { code: 'FAILED_INTERRUPTED', message: 'exit code 1' },
  });
  expect(STILL_BILLS).toContain('still bills');
  expect(statusOf({ JobState: 'FAILED_INTERRUPTED' }).error?.message).toBe(STILL_BILLS);
});

test('a job that runs well has neither message nor error', () => {
  expect(statusOf({ JobState: 'RUNNING', StateReason: '' })).toMatchObject({ message: null, error: null });
});

test('times are as the API has them, and null where it has none', () => {
  expect(statusOf({ JobState: 'SUCCEED', EndTime: '2026-01-02T04:00:00Z' })).toMatchObject({
    started_at: '2026-01-02T03:00:00Z',
    ended_at: '2026-01-02T04:00:00Z',
  });
  expect(statusOf({ JobState: 'RUNNING', EndTime: null })).toMatchObject({ ended_at: null });
  expect(statusOf({ JobState: 'RUNNING', EndTime: 'soon' })).toMatchObject({ ended_at: null });
});

test('a job that waits has not started', () => {
  expect(statusOf({ JobState: 'PENDING' }).started_at).toBeNull();
  expect(statusOf({ JobState: 'RUNNABLE' }).started_at).toBeNull();
});

test('progress counts tasks, and takes those that failed for done', () => {
  const TaskMetrics = {
    SubmittedCount: 0,
    RunningCount: 1,
    SucceedCount: 5,
    FailedCount: 1,
    FailedInterruptedCount: 1,
  };
  expect(statusOf({ JobState: 'RUNNING', TaskMetrics }).progress).toEqual({
    percentage_completed: 87.5,
    task_count: 8,
    submitted_count: 0,
    running_count: 1,
    succeed_count: 5,
    failed_count: 1,
    failed_interrupted_count: 1,
  });
});

test.each([
  ['there are no metrics', undefined, null],
  ['the metrics are null', null, null],
  ['the metrics are empty', {}, null],
  ['there are no tasks', { PendingCount: 0 }, { task_count: 0, pending_count: 0 }],
  [
    'a count is no number',
    { PendingCount: 'many', RunningCount: 1 },
    { percentage_completed: 0, task_count: 1, running_count: 1 },
  ],
])('progress where %s', (_where, TaskMetrics, progress) => {
  expect(statusOf({ JobState: 'RUNNING', TaskMetrics }).progress).toEqual(progress);
});

test("keeps Tencent's own members of the job, without its tasks", () => {
  const job = {
    JobState: 'SUCCEED',
    Zone: 'ap-guangzhou-3',
    StateReason: null,
    TaskSet: [{ TaskName: 't' }],
    RequestId: 'r',
  };
  expect(statusOf(job).native).toEqual({
    Region: 'ap-guangzhou',
    Batch: {
      JobId: 'job-8hrvpkow',
      JobName: 'nightly',
      JobState: 'SUCCEED',
      Zone: 'ap-guangzhou-3',
      CreateTime: '2026-01-02T03:00:00Z',
    },
  });
});
