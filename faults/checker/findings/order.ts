import { isEnd } from '../read-event';
import { groups, jobKey, type ToldArrival } from '../told-arrivals';

/**
 * At one endpoint nothing of a job comes behind what is later, not even another attempt: the next delivery begins when
 * the one before is settled. That an end overtakes what was not delivered leaves a gap, and nothing behind the end.
 */
export function outOfOrder(told: readonly ToldArrival[]): readonly string[] {
  return groups(told, ({ endpoint, told: event }) => `${endpoint.name} ${jobKey(event)}`).flatMap(([job, attempts]) => {
    let latest = Number.NEGATIVE_INFINITY;
    return attempts.flatMap(({ told: event, arrival }) => {
      const place = placeOf(event);
      if (place < latest) return [`${job}: ${event.type} (${place}) came behind ${latest}, attempt ${arrival.no}`];
      latest = place;
      return [];
    });
  });
}

/** Where a format has no sequence, all that is known is that the end is the last. */
function placeOf({ type, sequence }: ToldArrival['told']): number {
  return sequence ?? (isEnd(type) ? Number.POSITIVE_INFINITY : 0);
}
