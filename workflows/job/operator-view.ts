import { setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import type { Delivery } from '../../src/domain/delivery';
import type { CompletedBy, EndedMemo, JobResult } from '../../src/domain/job-run';
import type { JobStatus } from '../../src/domain/job-status';
import { SEARCH_ATTRIBUTES } from '../../src/domain/search-attributes';
import { boundedAttempts } from './bounded-attempts';
import { detailsOf } from './details';
import type { Run } from './run';

/**
 * What an operator sees in the Web UI and finds by a query. Current details cost no history event, so they follow
 * every step; an upsert costs one, and a write of the visibility index, so attributes change when all are told, and before
 * that only where it takes longer than a moment ([show-end.ts](show-end.ts)).
 */
export function showNow(run: Run): void {
  setCurrentDetails(detailsOf(run));
}

/**
 * What reports have said, where they are the truth: no pending activity shows it, and readers ask no worker.
 */
export function showReported(run: Run): void {
  if (run.completedBy) return; // shown with the end
  upsertMemo({ status: publicStatus(run.status) });
  upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.JobState, value: run.status.state }]);
}

/** A status without what only its provider's own format needs. */
export function publicStatus({ native: _, ...status }: JobStatus): JobStatus {
  return status;
}

/** The job has ended, and not all are told: its state becomes searchable, and readable without a worker. */
export function showEnded(run: Run): void {
  if (!run.completedBy) return;
  upsertSearchAttributes([...endOf(run, run.completedBy), deliveryState(run)]);
  const ended: EndedMemo = {
    status: publicStatus(run.status),
    completed_by: run.completedBy,
    deliveries: run.deliveries.map(({ delivery }) => ({ ...delivery, attempts: [] })),
  };
  upsertMemo({ ended });
}

/**
 * Everyone has been told, or has been given up.
 * @param wasShown whether readers have been shown how the job ended
 */
export function showDone(run: Run, wasShown: boolean): JobResult {
  const completedBy = run.completedBy ?? 'signal';
  upsertSearchAttributes([...(wasShown ? [] : endOf(run, completedBy)), deliveryState(run)]);
  setCurrentDetails(detailsOf(run));
  return {
    ...publicStatus(run.status),
    completed_by: completedBy,
    deliveries: boundedAttempts(run.deliveries.map(({ delivery }) => delivery)),
  };
}

function endOf(run: Run, completedBy: CompletedBy) {
  const { JobState, CompletedBy, JobEndedAt } = SEARCH_ATTRIBUTES;
  return [
    { key: JobState, value: run.status.state },
    { key: CompletedBy, value: completedBy },
    { key: JobEndedAt, value: endedAt(run) },
  ];
}

function deliveryState(run: Run) {
  return { key: SEARCH_ATTRIBUTES.DeliveryState, value: deliveryStates(run) };
}

function deliveryStates({ deliveries }: Run): Delivery['state'][] {
  return [...new Set(deliveries.map(({ delivery }) => delivery.state))].sort();
}

function endedAt({ status }: Run): Date {
  return status.ended_at ? new Date(status.ended_at) : new Date(Date.now());
}
