import { isEnd } from '../read-event';
import { groups, jobKey, type ToldArrival } from '../told-arrivals';

/**
 * One logical event has one identity, and a job has one end. What a format that has no sequence says of the course of a
 * job cannot be told from the next such report, and is left out.
 */
export function logicalDuplicates(told: readonly ToldArrival[]): readonly string[] {
  const countable = told.filter(({ told: event }) => isEnd(event.type) || event.sequence !== null);
  const moments = groups(
    countable,
    ({ endpoint, told: event }) => `${endpoint.name} ${jobKey(event)} ${momentOf(event)}`,
  );
  return moments.flatMap(([moment, attempts]) => {
    const ids = new Set(attempts.map(({ arrival }) => arrival.id));
    return ids.size > 1 ? [`${moment} has ${ids.size} identities: ${[...ids].slice(0, 3).join(', ')}`] : [];
  });
}

/** What can be so only once: that a job ended, that it began to run, and each of its further events. */
function momentOf({ type, sequence }: ToldArrival['told']): string {
  if (isEnd(type)) return 'end';
  return type === 'job.running' ? type : `${type} ${sequence}`;
}
