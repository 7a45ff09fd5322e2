import { setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import type { Delivery } from '../../src/domain/delivery';
import type { EndedMemo, JobResult } from '../../src/domain/job-run';
import type { JobStatus } from '../../src/domain/job-status';
import { SEARCH_ATTRIBUTES } from '../../src/domain/search-attributes';
import { boundedAttempts } from './bounded-attempts';
import { detailsOf } from './details';
import type { Run } from './run';

/**
 * What an operator sees in the Web UI and finds by a query. Current details cost no history event, so they follow
 * every step; an upsert costs one, so attributes change twice in a run's life: when the job has ended and when all
 * are told.
 */
export function showNow(run: Run): void {
  setCurrentDetails(detailsOf(run));
}

/**
 * What reports have said, where they are the truth: no pending activity shows it, and readers ask no worker.
 */
export function showReported(run: Run): void {
  if (run.completedBy) return; // shown with the end
  upsertMemo({ status: toldStatus(run.status) });
  upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.JobState, value: run.status.state }]);
}

/** A status without what only its provider's own format needs. */
export function toldStatus({ native: _, ...status }: JobStatus): JobStatus {
  return status;
}

/**
 * The job has ended: its state becomes searchable, and readable without a worker.
 * A run that was continued shows it again: deliveries have been settled since.
 */
export function showEnded(run: Run): void {
  setCurrentDetails(detailsOf(run));
  if (!run.completedBy) return;

  const { JobState, CompletedBy, JobEndedAt, DeliveryState } = SEARCH_ATTRIBUTES;
  upsertSearchAttributes([
    { key: JobState, value: run.status.state },
    { key: CompletedBy, value: run.completedBy },
    { key: JobEndedAt, value: endedAt(run) },
    { key: DeliveryState, value: deliveryStates(run) },
  ]);
  const ended: EndedMemo = {
    status: toldStatus(run.status),
    completed_by: run.completedBy,
    deliveries: run.deliveries.map(({ delivery }) => ({ ...delivery, attempts: [] })),
  };
  upsertMemo({ ended });
}

/** Everyone has been told, or has been given up. */
export function showDone(run: Run): JobResult {
  upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.DeliveryState, value: deliveryStates(run) }]);
  setCurrentDetails(detailsOf(run));
  return {
    ...toldStatus(run.status),
    completed_by: run.completedBy ?? 'signal',
    deliveries: boundedAttempts(run.deliveries.map(({ delivery }) => delivery)),
  };
}

function deliveryStates({ deliveries }: Run): Delivery['state'][] {
  return [...new Set(deliveries.map(({ delivery }) => delivery.state))].sort();
}

function endedAt({ status }: Run): Date {
  return status.ended_at ? new Date(status.ended_at) : new Date(Date.now());
}
