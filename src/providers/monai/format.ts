import type { JobEvent } from '../../domain/event';
import { TERMINAL_EVENT_TYPES } from '../../domain/event-type';
import { type JsonObject, objectAt } from '../../domain/json';
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
    taskStats: objectAt(native ?? {}, 'stats'),
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

/** FailureReason of the failures that jobherald itself causes. Any other is the failure of the service that ran the task. */
const REASON: Readonly<Record<string, string>> = {
  RUNNER_NOT_SUPPORTED: 'RunnerNotSupported',
  TIMED_OUT: 'TimedOut',
};

function reasonOf({ type, data }: JobEvent): string {
  if (type !== 'job.failed') return 'None';
  return REASON[data.reason ?? ''] ?? 'ExternalServiceError';
}

/**
 * The ids of the dispatch, or of the callback for a task that was submitted by hand. A job of another provider has
 * neither: then the Temporal workflow ID names the workflow and the job's name its task, since MONAI accepts no empty id.
 */
function idsOf({ origin, native, data, workflow_id }: JobEvent) {
  const ids = origin ?? objectAt(native ?? {}, 'ids');
  const id = (name: string): string | undefined => {
    const value = ids[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const workflow = id('workflow_instance_id') ?? workflow_id;
  return {
    workflow_instance_id: workflow,
    // Its name in older systems.
    workflow_id: workflow,
    task_id: id('task_id') ?? data.job,
    execution_id: id('execution_id') ?? data.job,
    correlation_id: id('correlation_id') ?? data.correlation_id ?? workflow_id,
  };
}

/** The metadata of the callback, then that of the plug-in; the identity is set last, so neither replaces it. */
function metadataOf(native: JsonObject | null): JsonObject {
  const { identity } = native ?? {};
  return {
    ...objectAt(native ?? {}, 'metadata'),
    ...objectAt(native ?? {}, 'plugin'),
    ...(typeof identity === 'string' && { JobIdentity: identity }),
  };
}
