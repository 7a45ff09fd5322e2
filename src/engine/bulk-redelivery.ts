import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { BulkRedelivery, BulkRedeliveryRequest } from '../../schemas/types';
import type { Config } from '../config/config';
import { type Fault, JobHeraldError } from '../domain/jobherald-error';
import { parseRfc3339 } from '../domain/parse-time';
import { type BulkMemo, type BulkOrder, NO_BULK_PROGRESS } from '../domain/redelivery';
import { INLINE_ENDPOINT } from '../domain/subscription';
import { webUiLink } from './links';

/** Careful with a receiver that has just come back, and still 10,000 in under four minutes. */
const DEFAULT_MAX_RATE = 50;

/**
 * What a request asks for, with every default filled in and its times in UTC.
 * @throws {JobHeraldError} `unprocessable` with every fault
 */
export function bulkOrder(request: BulkRedeliveryRequest, config: Config): BulkOrder {
  const { endpoint = null, status = null, dry_run = false, max_rate = DEFAULT_MAX_RATE } = request;
  const since = parseRfc3339(request.since);
  const until = parseRfc3339(request.until);
  const faults: Fault[] = [];

  if (!since) faults.push({ pointer: '/since', detail: NOT_A_TIME });
  if (!until) faults.push({ pointer: '/until', detail: NOT_A_TIME });
  if (since && until && since >= until) faults.push({ pointer: '/since', detail: 'must be before until' });
  if (endpoint !== null && !INLINE_ENDPOINT.test(endpoint) && !config.endpoints.some(({ name }) => name === endpoint)) {
    const known = config.endpoints.map(({ name }) => name).join(', ') || 'none';
    const detail = `endpoint ${endpoint} is not configured; configured endpoints: ${known}`;
    faults.push({ pointer: '/endpoint', detail });
  }
  if (!since || !until || faults.length > 0) {
    const message = faults.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ');
    throw new JobHeraldError('unprocessable', message, { faults });
  }
  return { endpoint, since: since.toISOString(), until: until.toISOString(), status, dry_run, max_rate };
}

const NOT_A_TIME = 'must be an RFC 3339 time, like 2026-11-22T14:30:00Z';

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

/** What is continued as new is still running; what is neither open nor completed was terminated, failed or timed out. */
function stateOf(status: WorkflowExecutionDescription['status']['name']): BulkRedelivery['state'] {
  if (status === 'RUNNING' || status === 'CONTINUED_AS_NEW') return 'running';
  return status === 'COMPLETED' ? 'done' : 'failed';
}
