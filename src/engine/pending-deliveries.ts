import type { AttemptResult, FirstResults } from '../domain/delivery-request';
import type { DeliveryProgress } from '../domain/job-run';
import type { PendingActivity } from './pending-activities';

/** What the pending activities of a run have recorded of its deliveries, by delivery id. */
export function pendingDeliveries(pending: readonly PendingActivity[]): ReadonlyMap<string, AttemptResult> {
  const found = new Map<string, AttemptResult>();
  for (const { type, id, details, lastFailure = '', lastFailureType = 'Pending' } of pending) {
    if (details === undefined) continue;
    if (type === 'deliver') {
      const progress = details as DeliveryProgress;
      found.set(id, { later: { type: lastFailureType, why: lastFailure, retry_in_ms: 0, progress } });
    }
    if (type === 'deliverFirst') {
      for (const [deliveryId, result] of Object.entries(details as FirstResults)) found.set(deliveryId, result);
    }
  }
  return found;
}
