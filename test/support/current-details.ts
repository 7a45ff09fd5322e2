import type { WorkflowHandle } from '@temporalio/client';

/** What a run shows of itself in the Web UI, in Markdown, read as the Web UI reads it. */
export async function currentDetails(handle: WorkflowHandle): Promise<string> {
  const { currentDetails: details } = (await handle.query('__temporal_workflow_metadata')) as {
    currentDetails?: string;
  };
  return details ?? '';
}
