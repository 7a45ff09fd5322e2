import type { DeliveryState } from './delivery';
import type { JobName } from './identity';
import type { DeliveryProgress } from './job-run';
import type { Message } from './message';
import type { Subscription } from './subscription';

/** One event to be sent to one endpoint. It stands in the run's history as it is, so a redelivery finds it there. */
export interface DeliveryRequest extends JobName {
  readonly delivery_id: string;
  readonly event_type: string;
  readonly subscription: Subscription;
  readonly message: Message;
  /** How far an earlier run had come with it. */
  readonly progress: DeliveryProgress;
}

/** What came of it, once it is settled. */
export interface DeliveryResult {
  readonly state: Exclude<DeliveryState, 'pending'>;
  readonly progress: DeliveryProgress;
  readonly reason?: string;
}
