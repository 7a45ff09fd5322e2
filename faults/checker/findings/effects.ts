import type { Ledger } from '../ledger';
import { isEnd } from '../read-event';
import { groups, jobKey, type ToldArrival } from '../told-arrivals';

/**
 * At a receiver that deduplicates every end of an accepted job has exactly one effect, and no other event more than
 * one. Effects are counted by the job that they are about, so that one under another identity counts too.
 */
export function effectFaults({ endpoints, accepted, effects }: Ledger, told: readonly ToldArrival[]) {
  const eventOf = new Map(told.map(({ endpoint, arrival, told: event }) => [`${endpoint.name} ${arrival.id}`, event]));
  const counted = new Map(
    groups(effects, ({ endpoint, id }) => {
      const event = eventOf.get(`${endpoint} ${id}`);
      if (event === undefined) return `${endpoint} ${id}, which never came`;
      return `${endpoint} ${jobKey(event)} ${isEnd(event.type) ? 'end' : `${event.type} ${event.sequence}`}`;
    }).map(([event, list]) => [event, list.length]),
  );
  const deduplicating = endpoints.filter(({ effects: file }) => file !== null).map(({ name }) => name);
  const expected = accepted.flatMap((job) =>
    job.endpoints.filter((name) => deduplicating.includes(name)).map((name) => `${name} ${jobKey(job)} end`),
  );
  const none = expected.filter((event) => !counted.has(event));
  const more = [...counted].filter(([, count]) => count > 1);
  return {
    expected: expected.length,
    exactly_one: expected.filter((event) => counted.get(event) === 1).length,
    none: none.length,
    more: more.length,
    faults: [
      ...none.map((event) => `${event} had no effect`),
      ...more.map(([event, count]) => `${event} had ${count} effects`),
    ],
  };
}
