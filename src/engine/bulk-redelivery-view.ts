import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { BulkRedelivery } from '../../schemas/types';
import { type BulkMemo, NO_BULK_PROGRESS } from '../domain/bulk-redelivery';
import { webUiLink } from './web-ui-link';

/** A bulk redelivery by the description of its latest run; no worker is asked. */
export function viewBulkRedelivery(
  id: string,
  { workflowId, runId, status, closeTime, memo }: WorkflowExecutionDescription,
  namespace: string,
  ui: string,
): BulkRedelivery {
  const { order, started_at, progress = NO_BULK_PROGRESS } = memo as unknown as BulkMemo;
  const { dry_run, endpoint, since, until, status: deliveryStatus, max_rate } = order;
  const { matched, redelivered, skipped, failed, last_error } = progress;
  const state = stateOf(status.name);
  return {
    id,
    state,
    dry_run,
    endpoint,
    since,
    until,
    status: deliveryStatus,
    max_rate,
    matched,
    redelivered,
    skipped,
    failed,
    last_error,
    started_at,
    ended_at: state === 'running' ? null : (closeTime?.toISOString() ?? null),
    links: { web_ui: webUiLink(ui, namespace, workflowId, runId) },
  };
}

/** What is continued as new goes on; whatever else is neither open nor completed was broken off. */
function stateOf(status: WorkflowExecutionDescription['status']['name']): BulkRedelivery['state'] {
  if (status === 'RUNNING' || status === 'CONTINUED_AS_NEW') return 'running';
  return status === 'COMPLETED' ? 'done' : 'failed';
}
