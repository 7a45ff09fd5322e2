import type { EventType } from './event-type';

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

export function isTencentEventName(name: string): name is TencentEventName {
  return (TENCENT_EVENT_NAMES as readonly string[]).includes(name);
}

const JOB_TYPES = {
  JOB_RUNNING: 'job.running',
  JOB_SUCCEED: 'job.succeeded',
  JOB_FAILED: 'job.failed',
  JOB_FAILED_INTERRUPTED: 'job.failed',
} as const;

export function eventTypeOfName(name: TencentEventName): EventType {
  if (name in JOB_TYPES) return JOB_TYPES[name as keyof typeof JOB_TYPES];
  return name.toLowerCase().replace(/^(task_instance|task|compute_env|compute_node)_/, '$1.') as unknown as EventType;
}
