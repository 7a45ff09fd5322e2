import type { EventType } from '../../domain/event-type';

/**
 * The 19 events of Tencent Batch by Tencent's own names.
 * Source: Tencent Cloud Batch, Notification in SubmitJob and CreateComputeEnv.
 */
export const TENCENT_EVENT_NAMES = [
  'JOB_RUNNING',
  'JOB_SUCCEED',
  'JOB_FAILED',
  'JOB_FAILED_INTERRUPTED',
  'TASK_RUNNING',
  'TASK_SUCCEED',
  'TASK_FAILED',
  'TASK_FAILED_INTERRUPTED',
  'TASK_INSTANCE_RUNNING',
  'TASK_INSTANCE_SUCCEED',
  'TASK_INSTANCE_FAILED',
  'TASK_INSTANCE_FAILED_INTERRUPTED',
  'COMPUTE_ENV_CREATED',
  'COMPUTE_ENV_DELETED',
  'COMPUTE_NODE_CREATED',
  'COMPUTE_NODE_CREATION_FAILED',
  'COMPUTE_NODE_RUNNING',
  'COMPUTE_NODE_ABNORMAL',
  'COMPUTE_NODE_DELETING',
] as const;

export type TencentEventName = (typeof TENCENT_EVENT_NAMES)[number];

/** A job's events have the types that every provider's jobs have; both failures are one type. */
export const TYPE_OF_NAME: Readonly<Record<TencentEventName, EventType>> = {
  JOB_RUNNING: 'job.running',
  JOB_SUCCEED: 'job.succeeded',
  JOB_FAILED: 'job.failed',
  JOB_FAILED_INTERRUPTED: 'job.failed',
  TASK_RUNNING: 'task.running',
  TASK_SUCCEED: 'task.succeed',
  TASK_FAILED: 'task.failed',
  TASK_FAILED_INTERRUPTED: 'task.failed_interrupted',
  TASK_INSTANCE_RUNNING: 'task_instance.running',
  TASK_INSTANCE_SUCCEED: 'task_instance.succeed',
  TASK_INSTANCE_FAILED: 'task_instance.failed',
  TASK_INSTANCE_FAILED_INTERRUPTED: 'task_instance.failed_interrupted',
  COMPUTE_ENV_CREATED: 'compute_env.created',
  COMPUTE_ENV_DELETED: 'compute_env.deleted',
  COMPUTE_NODE_CREATED: 'compute_node.created',
  COMPUTE_NODE_CREATION_FAILED: 'compute_node.creation_failed',
  COMPUTE_NODE_RUNNING: 'compute_node.running',
  COMPUTE_NODE_ABNORMAL: 'compute_node.abnormal',
  COMPUTE_NODE_DELETING: 'compute_node.deleting',
};

export function isTencentEventName(name: string): name is TencentEventName {
  return (TENCENT_EVENT_NAMES as readonly string[]).includes(name);
}

/** `TASK_INSTANCE_FAILED` is `task_instance.failed`, `JOB_SUCCEED` is `job.succeeded`. */
export function eventTypeOfName(name: TencentEventName): EventType {
  return TYPE_OF_NAME[name];
}
