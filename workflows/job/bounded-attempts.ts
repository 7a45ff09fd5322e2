import type { Delivery } from '../../src/domain/delivery';

/** How many attempts a run's result holds in all: Temporal refuses a result over 2 MiB. */
const KEPT_IN_ALL = 1000;
const KEPT_AT_LEAST = 5;

/** The deliveries with the last of their attempts, so that many endpoints with many failures still fit. */
export function boundedAttempts(deliveries: readonly Delivery[]): Delivery[] {
  const keep = Math.max(KEPT_AT_LEAST, Math.floor(KEPT_IN_ALL / Math.max(1, deliveries.length)));
  return deliveries.map((delivery) => ({ ...delivery, attempts: delivery.attempts.slice(-keep) }));
}
