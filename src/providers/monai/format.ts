import type { JobEvent } from '../../domain/event';
import { TERMINAL_EVENT_TYPES } from '../../domain/event-type';
import type { JsonObject } from '../../domain/json';
import type { EventFormat, Rendered } from '../../formats/format';

export const monaiFormat: EventFormat = {
  render: renderMonai,
  events: ['job.running', ...TERMINAL_EVENT_TYPES],
  defaultEvents: ['job.running'],
};

/**
 * The `monai` body: a TaskUpdateEvent as MONAI Deploy's executor reads it from `md.tasks.update`. Pure: it runs inside
 * the workflow. Names as in Project-MONAI/monai-deploy-messaging, `taskStats` in camel case among them.
 */
export function renderMonai(event: JobEvent): Rendered {
  const { type, data, origin, native } = event;
  const ids = idsOf(event);
  const body = {
    ...ids,
    status: STATUS[type] ?? 'Unknown',
    taskStats: asWords(native?.['stats']),
    reason: reasonOf(event),
    message: data.message ?? data.error?.message ?? '',
    outputs: Array.isArray(origin?.['outputs']) ? origin['outputs'] : [],
    metadata: metadataOf(native),
  };
  return {
    content_type: 'application/json',
    headers: {},
    body: JSON.stringify(body),
    broker: { type: 'TaskUpdateEvent', correlation_id: ids.correlation_id },
  };
}

/** TaskExecutionStatus. */
const STATUS: Readonly<Record<string, string>> = {
  'job.running': 'Accepted',
  'job.succeeded': 'Succeeded',
  'job.failed': 'Failed',
  'job.canceled': 'Canceled',
  'job.partially_failed': 'PartialFail',
};

/** FailureReason for a failure whose cause we know; any other was the task's own, at the service that ran it. */
const REASON: Readonly<Record<string, string>> = {
  RUNNER_NOT_SUPPORTED: 'RunnerNotSupported',
  TIMED_OUT: 'TimedOut',
};

function reasonOf({ type, data }: JobEvent): string {
  if (type !== 'job.failed') return 'None';
  return REASON[data.reason ?? ''] ?? 'ExternalServiceError';
}

/**
 * Those of the dispatch; of the callback for a task that was submitted by hand. A job of another provider has none: Temporal's workflow ID stands for the workflow, and the job's
 * name for its task, since MONAI takes no empty one.
 */
function idsOf({ origin, native, data, workflow_id }: JobEvent) {
  const told = origin ?? asWords(native?.['ids']);
  const id = (name: string): string | undefined => {
    const value = told[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const workflow = id('workflow_instance_id') ?? workflow_id;
  return {
    workflow_instance_id: workflow,
    // What older systems call it.
    workflow_id: workflow,
    task_id: id('task_id') ?? data.job,
    execution_id: id('execution_id') ?? data.job,
    correlation_id: id('correlation_id') ?? data.correlation_id ?? workflow_id,
  };
}

/** What the callback said, then what the plug-in says; the identity that was asked about is ours to tell. */
function metadataOf(native: JsonObject | null): JsonObject {
  const { identity, metadata, plugin } = native ?? {};
  return {
    ...asWords(metadata),
    ...asWords(plugin),
    ...(typeof identity === 'string' && { JobIdentity: identity }),
  };
}

function asWords(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
