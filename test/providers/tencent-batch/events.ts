/** Events in the shape of Tencent Batch's one published sample; of those about jobs and tasks there is none. */

export const JOB = 'job-8hrvpkow';

export function batchEvent(name: string, batch: object, vars: readonly object[] = []) {
  return {
    EventVersion: '1.0',
    EventTime: '2026-03-01T08:00:00Z',
    Region: 'ap-guangzhou',
    Batch: batch,
    EventName: name,
    EventVars: vars,
  };
}

export const JOB_SUCCEED = batchEvent('JOB_SUCCEED', { JobId: JOB, JobName: 'nightly', JobState: 'SUCCEED' }, [
  { Name: 'team', Value: 'orders' },
]);

export const JOB_FAILED = batchEvent('JOB_FAILED', { JobId: JOB, JobState: 'FAILED', StateReason: 'exit code 1' });

export const TASK_INSTANCE_RUNNING = batchEvent('TASK_INSTANCE_RUNNING', {
  JobId: JOB,
  TaskName: 'render',
  TaskInstanceIndex: 3,
  TaskInstanceState: 'RUNNING',
});

export const COMPUTE_NODE_CREATED = batchEvent('COMPUTE_NODE_CREATED', {
  ComputeNodeId: 'node-0iy7wxyo',
  EnvId: 'env-ptoxdb1t',
  ComputeNodeState: 'CREATED',
  Cpu: 4,
  Mem: 8,
});

/** The envelope of CMQ's JSON form. */
export function envelope(msgBody: unknown, change: object = {}): string {
  return JSON.stringify({
    TopicOwner: 1250000000,
    topicName: 'batch-events',
    subscriptionName: 'jobherald',
    msgId: '6942316963',
    msgBody,
    publishTime: 1772352001,
    ...change,
  });
}

export const published = (...events: readonly unknown[]) => JSON.stringify({ Events: events });
export const base64 = (text: string) => Buffer.from(text).toString('base64');
