import type { Ledger } from '../ledger';
import { jobKey, type ToldArrival } from '../told-arrivals';

/** Nothing is told about a job that nobody handed in, nor to an endpoint that is none of its. */
export function unasked({ submitted }: Ledger, told: readonly ToldArrival[]): readonly string[] {
  const asked = new Set(submitted.flatMap((job) => job.endpoints.map((endpoint) => `${endpoint} ${jobKey(job)}`)));
  return told.flatMap(({ endpoint, told: event }) => {
    const pair = `${endpoint.name} ${jobKey(event)}`;
    return asked.has(pair) ? [] : [pair];
  });
}
