/** The workflow that watches the open jobs of one scope of a provider, see src/providers/watching.ts. */
export const SCOPE_WATCH_WORKFLOW_TYPE = 'scopeWatch';
/** Somebody has a job in the scope that is to be watched. */
export const NEEDED_SIGNAL = 'needed';
/** The signal's argument. */
export interface Needed {
  /** See {@link ScopeWatchInput}; counts where the watch tracks nothing yet. */
  readonly tracked_since: number | null;
}

/** The workflow, one per installation, that keeps the watches running. */
export const CARETAKER_WORKFLOW_TYPE = 'caretaker';

export interface Scope {
  readonly provider: string;
  /** As the provider names it; '' where it has one only. */
  readonly scope: string;
}

/** The task queue of an installation that names no other. */
const DEFAULT_TASK_QUEUE = 'jobherald';

/**
 * `watch/{provider}/{scope}`. A watch looks after the runs of its own task queue, so an installation that has a task queue of
 * another name has watches of its own, and a watch that a former configuration has left behind stands in nobody's way.
 */
export function scopeWatchWorkflowId({ provider, scope }: Scope, taskQueue: string): string {
  return ofInstallation(`watch/${provider}/${scope}`, taskQueue);
}

export function caretakerWorkflowId(taskQueue: string): string {
  return ofInstallation('caretaker', taskQueue);
}

function ofInstallation(workflowId: string, taskQueue: string): string {
  return taskQueue === DEFAULT_TASK_QUEUE ? workflowId : `${workflowId}#${taskQueue}`;
}

/** The argument of the workflow. */
export interface ScopeWatchInput extends Scope {
  /** From when on jobs that nobody submitted are tracked, epoch ms; null where none are. */
  readonly tracked_since: number | null;
  /** What an earlier run hands on: until when what was created has been listed, and when a watch was last needed, epoch ms. */
  readonly listed_until?: number | null;
  readonly last_needed?: number;
}

/** The argument of the activity that sweeps the scope. */
export interface WatchOrder extends Scope {
  readonly tracked_since: number | null;
  /** Until when what was created has been listed already; null for nothing. */
  readonly listed_until: number | null;
}

/** What the activity found when it ended by itself. */
export interface WatchReport {
  /** Open jobs at the last sweep. */
  readonly open_jobs: number;
  readonly listed_until: number | null;
}

/** Heartbeat details of the activity: what operators see of a watch. */
export interface WatchDetails {
  readonly open_jobs: number;
  /** When the last sweep began, RFC 3339; null before the first. */
  readonly last_sweep: string | null;
  readonly sweep_ms: number | null;
  /** Of the budget of one period, from 0 to 1. */
  readonly budget_used: number;
  /** How the jobs are asked about: by LIST, in batches, one by one. */
  readonly by: 'list' | 'batches' | 'single questions';
  /** Why the last sweep was not finished, or why jobs are not listed, and since when; null where neither is so. */
  readonly last_fault: string | null;
  /** Until when what was created has been listed, epoch ms. */
  readonly listed_until: number | null;
}

/** The task queues beside the main one: each has its own slots, so none of the four kinds of work waits for another. */
export function questionsQueue(taskQueue: string): string {
  return `${taskQueue}-questions`;
}
export function watchQueue(taskQueue: string): string {
  return `${taskQueue}-watch`;
}
/** Of the runs of notices, and of their deliveries. */
export function noticesQueue(taskQueue: string): string {
  return `${taskQueue}-notices`;
}
