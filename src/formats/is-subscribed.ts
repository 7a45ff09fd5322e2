import type { JobEvent } from '../domain/event';
import type { Subscription } from '../domain/subscription';
import { eventNameOf } from '../providers/tencent-batch/format';

/** Whether a subscriber is to be told of an event. */
export function isSubscribed({ events, selected }: Subscription, event: JobEvent): boolean {
  if (!selected) return events.includes(event.type);
  // Named in Tencent's words, of which two may stand for one event type and one for several.
  const word = eventNameOf(event);
  return selected.some(({ name }) => name === word);
}
