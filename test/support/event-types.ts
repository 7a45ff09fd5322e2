import type { WorkflowHandle } from '@temporalio/client';
import { temporal } from '@temporalio/proto';

const { WorkflowTaskFailedCause } = temporal.api.enums.v1;
const BY_DESIGN: readonly unknown[] = [
  WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND,
  WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND,
];

/** What a run's history is made of: `activityTaskScheduled`, `workflowExecutionSignaled`, … in order. */
export async function eventTypes(handle: WorkflowHandle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).map((event) => {
    const attributes = Object.keys(event).find((member) => member.endsWith('EventAttributes')) ?? '';
    return attributes.replace('EventAttributes', '');
  });
}

/**
 * Why workflow tasks of a run failed. A signal that comes in while a task ends the run fails that task by design
 * (UNHANDLED_COMMAND), and so do signals of more than 2 MB in all that come in during one (FORCE_CLOSE_COMMAND); Temporal runs it
 * again with the signals in it. That is no fault.
 */
export async function failedTasks(handle: WorkflowHandle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? [])
    .flatMap(({ workflowTaskFailedEventAttributes: failed }) => (failed ? [failed] : []))
    .filter(({ cause }) => !BY_DESIGN.includes(cause))
    .map(({ failure, cause }) => failure?.message ?? WorkflowTaskFailedCause[cause ?? 0] ?? 'unknown');
}
