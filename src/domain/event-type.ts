import type { TerminalState } from './job-state';

/** What endpoints subscribe to: what happened to a job, or a provider's own event that is passed through. */
export type EventType = JobEventType | PassedThroughEventType;

/** What happened to a job. */
export type JobEventType = TerminalEventType | 'job.running' | 'job.progress' | 'job.stalled' | 'job.overdue';

export type TerminalEventType = 'job.succeeded' | 'job.failed' | 'job.canceled' | 'job.partially_failed';

/**
 * What a provider says of the parts of a job, and of the machines below it. It changes no job's state: it is passed
 * on to whoever subscribes to it.
 */
export type PassedThroughEventType = (typeof PASSED_THROUGH_EVENT_TYPES)[number];

export const TERMINAL_EVENT_TYPES = [
  'job.succeeded',
  'job.failed',
  'job.canceled',
  'job.partially_failed',
] as const satisfies readonly TerminalEventType[];

export const JOB_EVENT_TYPES = [
  'job.running',
  'job.progress',
  'job.stalled',
  'job.overdue',
  ...TERMINAL_EVENT_TYPES,
] as const satisfies readonly JobEventType[];

export const PASSED_THROUGH_EVENT_TYPES = [
  'task.running',
  'task.succeed',
  'task.failed',
  'task.failed_interrupted',
  'task_instance.running',
  'task_instance.succeed',
  'task_instance.failed',
  'task_instance.failed_interrupted',
  'compute_env.created',
  'compute_env.deleted',
  'compute_node.created',
  'compute_node.creation_failed',
  'compute_node.running',
  'compute_node.abnormal',
  'compute_node.deleting',
] as const;

export const EVENT_TYPES = [...JOB_EVENT_TYPES, ...PASSED_THROUGH_EVENT_TYPES] as const satisfies readonly EventType[];

const EVENT_OF_STATE = {
  COMPLETED: 'job.succeeded',
  FAILED: 'job.failed',
  CANCELED: 'job.canceled',
  PARTIALLY_FAILED: 'job.partially_failed',
} as const satisfies Record<TerminalState, TerminalEventType>;

export function terminalEventType(state: TerminalState): TerminalEventType {
  return EVENT_OF_STATE[state];
}

export function isTerminalEventType(type: string): type is TerminalEventType {
  return (TERMINAL_EVENT_TYPES as readonly string[]).includes(type);
}

export function isPassedThroughEventType(type: unknown): type is PassedThroughEventType {
  return (PASSED_THROUGH_EVENT_TYPES as readonly unknown[]).includes(type);
}
