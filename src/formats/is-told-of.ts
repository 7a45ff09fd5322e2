import type { JobEvent } from '../domain/event';
import type { Subscription } from '../domain/subscription';

/** Whether a subscriber is to be told of an event. */
export function isToldOf({ events }: Subscription, { type }: JobEvent): boolean {
  return events.includes(type);
}
