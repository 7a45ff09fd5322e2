import type { DeliveryRequest } from './delivery-request';
import type { JobName } from './identity';

/** The workflow that sends settled deliveries of one job once more. */
export const REDELIVERY_WORKFLOW_TYPE = 'redelivery';

export interface RedeliveryInput extends JobName {
  /** As the job's run recorded them: the same bytes, the same id. */
  readonly requests: readonly DeliveryRequest[];
}
