import { activityInfo } from '@temporalio/activity';
import { boundedAttempts, type DeliveryProgress, MAX_ATTEMPTS_BYTES } from '../../src/domain/delivery';
import { pendingActivities, pendingDeliveries } from '../../src/engine';
import type { Dependencies } from '../dependencies';
import type { Activities } from '../types';

/**
 * How far the run's own deliveries have come, as their attempts have recorded it. Reads only.
 * Local, for the run is about to continue as new, and what it does not take along now is forgotten.
 */
export function createReadPendingDeliveries({ client }: Dependencies): Activities['readPendingDeliveries'] {
  return async () => {
    const { workflowExecution } = activityInfo();
    if (!workflowExecution) return {};
    const { workflowId, runId } = workflowExecution;
    const pending = await pendingActivities(client, await client.workflow.getHandle(workflowId, runId).describe());
    return Object.fromEntries(
      [...pendingDeliveries(pending)].flatMap(([id, result]) =>
        result.kind === 'retry_later' ? [[id, shortened(result.progress, pending.length)] as const] : [],
      ),
    );
  };
}

/** What this returns is one marker in the history. */
const MAX_BYTES = 256 * 1024;

function shortened(progress: DeliveryProgress, among: number): DeliveryProgress {
  const each = Math.min(MAX_ATTEMPTS_BYTES, Math.floor(MAX_BYTES / among));
  return { ...progress, attempts: boundedAttempts(progress.attempts, each) };
}
