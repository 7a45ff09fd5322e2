import type { Delivery, DeliveryState } from './delivery';
import type { DeliveryRequest, FirstAttempts } from './delivery-request';
import { type JobName, NAMESPACE } from './identity';
import { INLINE, MORE, SEARCH_ATTRIBUTES } from './search-attributes';
import { INLINE_ENDPOINT } from './subscription';
import { jsonBytes } from './text-size';
import { uuidV5 } from './uuid';

/** The workflow that sends settled deliveries of one job once more. */
export const REDELIVERY_WORKFLOW_TYPE = 'redelivery';

/** As the job's run recorded them: the same bytes, the same id. Bodies that endpoints share stand once. */
export interface RedeliveryInput extends JobName, FirstAttempts {}

/** One run redelivers so much at most: its argument and its history have to fit into Temporal's bounds. */
const MAX_PART_BYTES = 1024 * 1024;
const MAX_PART_DELIVERIES = 1_000;

/** Deliveries in parts for a run each. What goes to one endpoint stays together and in order, as far as it fits into one. */
export function redeliveryParts(requests: readonly DeliveryRequest[]): readonly (readonly DeliveryRequest[])[] {
  const parts: DeliveryRequest[][] = [];
  let part: DeliveryRequest[] = [];
  let bytes = 0;
  const endpoints = [...new Set(requests.map(({ subscription }) => subscription.endpoint))];
  for (const endpoint of endpoints) {
    for (const request of requests.filter(({ subscription }) => subscription.endpoint === endpoint)) {
      const size = jsonBytes(request);
      if (part.length === MAX_PART_DELIVERIES || (part.length > 0 && bytes + size > MAX_PART_BYTES)) {
        parts.push(part);
        part = [];
        bytes = 0;
      }
      part.push(request);
      bytes += size;
    }
  }
  return [...parts, part];
}

/** The workflow that sends settled deliveries of many jobs once more. */
export const BULK_REDELIVERY_WORKFLOW_TYPE = 'bulkRedelivery';

export function bulkRedeliveryWorkflowId(id: string): string {
  return `bulk-redelivery/${id}`;
}

/** Which deliveries: those of jobs that ended at `since` or later and before `until`. */
export interface BulkSelection {
  /** Only to this endpoint; null: to every one. */
  readonly endpoint: string | null;
  /** RFC 3339, UTC. */
  readonly since: string;
  readonly until: string;
  /** Only those in this state; null: in any but `pending`, which are still being tried. */
  readonly status: Exclude<DeliveryState, 'pending'> | null;
}

/** What was asked for, with every default filled in. */
export interface BulkOrder extends BulkSelection {
  readonly dry_run: boolean;
  /** Deliveries per second, over everything. */
  readonly max_rate: number;
}

/** What has come of it, in jobs: each that is matched is in the end redelivered, skipped, failed, or only looked at. */
export interface BulkProgress {
  readonly matched: number;
  readonly redelivered: number;
  readonly skipped: number;
  readonly failed: number;
  /** Why the last one failed. */
  readonly last_error: string | null;
}

export const NO_BULK_PROGRESS: BulkProgress = { matched: 0, redelivered: 0, skipped: 0, failed: 0, last_error: null };

/** The argument of the workflow. */
export interface BulkRedeliveryInput extends BulkOrder {
  readonly id: string;
  /** Jobs on a page of the visibility index. */
  readonly page_size: number;
  /** Pages after which it continues as new, so that its history stays small however much there is. */
  readonly pages_per_run: number;
  /** What an earlier run hands on. */
  readonly carried?: { readonly page_token: string; readonly progress: BulkProgress };
}

/** The memo: what a reader needs without asking a worker. `progress` is not there before the first step. */
export interface BulkMemo {
  readonly order: BulkOrder;
  /** When the first of its runs was started, RFC 3339. */
  readonly started_at: string;
  readonly progress?: BulkProgress;
}

/** What identifies a bulk redelivery's request about one job, so that nothing can make it twice. */
export function bulkItemRequest(bulkId: string, jobRunId: string): string {
  return `${bulkId}/${jobRunId}`;
}

/**
 * The ID of a run that redelivers deliveries of one job. They are numbered from 1, so that a reader finds them without the
 * visibility index, which bears few questions.
 */
export function redeliveryWorkflowId(jobWorkflowId: string, number: number): string {
  return `redelivery/${uuidV5(NAMESPACE, JSON.stringify(['redelivery', jobWorkflowId]))}/${number}`;
}

/** The memo of that run. */
export interface RedeliveryMemo {
  /** What asked for it: the same again starts nothing. */
  readonly request: string;
  /** What it makes again, as readers see it before it is made. */
  readonly deliveries: readonly Delivery[];
}

/**
 * The visibility query that finds the jobs, each by its last run. A job may have more deliveries than those that are
 * meant.
 */
export function bulkQuery({ endpoint, since, until, status }: BulkSelection, jobWorkflowType: string): string {
  const { JobEndedAt, JobEndpoint, DeliveryState: State } = SEARCH_ATTRIBUTES;
  return [
    `WorkflowType = ${quoted(jobWorkflowType)}`,
    `ExecutionStatus != 'ContinuedAsNew'`,
    `${JobEndedAt.name} >= ${quoted(since)}`,
    `${JobEndedAt.name} < ${quoted(until)}`,
    ...(endpoint === null ? [] : [`${JobEndpoint.name} IN (${namesFor(endpoint).map(quoted).join(', ')})`]),
    ...(status === null ? [] : [`${State.name} = ${quoted(status)}`]),
  ].join(' AND ');
}

/** An inline endpoint is indexed with all others of its kind, and one of very many perhaps not by its name. */
function namesFor(endpoint: string): readonly string[] {
  return INLINE_ENDPOINT.test(endpoint) ? [INLINE] : [endpoint, MORE];
}

/** @throws {RangeError} for what a query cannot hold; names of endpoints hold no quotes */
function quoted(text: string): string {
  if (/['"`\\]/.test(text)) throw new RangeError(`${text} cannot stand in a query`);
  return `'${text}'`;
}
