import type { WorkflowHandle } from '@temporalio/client';
import { temporal } from '@temporalio/proto';

const UNHANDLED_COMMAND = temporal.api.enums.v1.WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND;

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
 * (UNHANDLED_COMMAND), and Temporal runs it again with the signal in it; that is no fault.
 */
export async function failedTasks(handle: WorkflowHandle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? [])
    .flatMap(({ workflowTaskFailedEventAttributes: failed }) => (failed ? [failed] : []))
    .filter(({ cause }) => cause !== UNHANDLED_COMMAND)
    .map(({ failure }) => failure?.message ?? 'unknown');
}
