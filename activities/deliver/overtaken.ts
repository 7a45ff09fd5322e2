import { activityInfo, log } from '@temporalio/activity';
import type { DeliveryRequest } from '../../src/domain/delivery-request';
import type { JobMemo } from '../../src/domain/job-run';
import type { Dependencies } from '../dependencies';

/** How often one delivery asks at most: an endpoint that is down for a day must not cost a call to Temporal for each attempt. */
export const LOOK_EVERY_MS = 60_000;

/** Whether something newer of its kind waits for this delivery, so that it need not be tried again. Reads only. */
export type IsOvertaken = (request: DeliveryRequest) => Promise<boolean>;

/** The run shows in its memo what waits. */
export function createIsOvertaken({ client }: Dependencies): IsOvertaken {
  return async ({ delivery_id, event_type, subscription }) => {
    const { workflowExecution } = activityInfo();
    if (!workflowExecution) return false;
    try {
      const { workflowId, runId } = workflowExecution;
      const { memo } = await client.workflow.getHandle(workflowId, runId).describe();
      const { unscheduled } = (memo ?? {}) as Partial<JobMemo>;
      return (unscheduled?.deliveries ?? []).some(
        ({ id, endpoint, event, state }) =>
          state === 'pending' && endpoint === subscription.endpoint && event === event_type && id !== delivery_id,
      );
    } catch (error) {
      log.warn('could not look up whether a delivery is overtaken; it is tried', { delivery: delivery_id, error });
      return false;
    }
  };
}
