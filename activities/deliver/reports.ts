import { log } from '@temporalio/activity';
import type { DeliveryProgress } from '../../src/domain/delivery';
import type { DeliveryRequest } from '../../src/domain/delivery-request';
import { createNotifyOperations, type EndpointPauses } from '../../src/engine';
import { isoTime, serverTime } from '../attempt-context';
import type { Dependencies } from '../dependencies';

/** What operators hear of deliveries: in the log, in metrics, and at the operations endpoint. */
export function createReports({ client, config, count }: Dependencies, pauses: Pick<EndpointPauses, 'stateOf'>) {
  const notifyOperations = createNotifyOperations(client, config);
  return {
    /** An endpoint has just been paused. */
    async paused(endpoint: string, reason: string): Promise<void> {
      log.error('paused an endpoint', { endpoint, reason });
      const state = await pauses.stateOf(endpoint);
      if (state.state !== 'paused') return; // resumed already
      const timestamp = isoTime(state.pausedAt);
      const distinguishers = [endpoint, timestamp];
      await notifyOperations({ type: 'endpoint.paused', timestamp, distinguishers, data: { endpoint, reason } });
    },

    /** A delivery is given up: its retry window is over. */
    async exhausted(
      { provider, job, delivery_id, event_type, message, trace }: DeliveryRequest,
      endpoint: string,
      { attempt_count, window_began }: DeliveryProgress,
      lastError: string,
    ): Promise<void> {
      count.delivery(endpoint, 'exhausted');
      log.error('gave a delivery up: its retry window is over', {
        endpoint,
        delivery: delivery_id,
        last_error: lastError,
        attempts: attempt_count,
      });
      await notifyOperations({
        type: 'delivery.exhausted',
        timestamp: isoTime(serverTime()),
        distinguishers: [delivery_id, window_began ?? 0],
        data: {
          provider,
          job,
          endpoint,
          event: event_type,
          webhook_id: message.id,
          attempt_count,
          last_error: lastError,
        },
        trace,
      });
    },
  };
}
