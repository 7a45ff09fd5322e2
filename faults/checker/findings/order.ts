import { groups, jobKey, type ToldArrival } from '../told-arrivals';

/**
 * At one endpoint nothing of a job comes behind what is later, not even another attempt: the next delivery begins when
 * the one before is settled. That an end overtakes what was not delivered leaves a gap, and nothing behind the end.
 */
export function outOfOrder(told: readonly ToldArrival[]): readonly string[] {
  return groups(told, ({ endpoint, told: event }) => `${endpoint.name} ${jobKey(event)}`).flatMap(([job, attempts]) => {
    let latest = Number.NEGATIVE_INFINITY;
    return attempts.flatMap(({ told: { type, place }, arrival }) => {
      if (place < latest) return [`${job}: ${type} (${place}) came behind ${latest}, attempt ${arrival.no}`];
      latest = place;
      return [];
    });
  });
}
