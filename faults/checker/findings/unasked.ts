import type { Ledger } from '../ledger';
import { jobKey, type ToldArrival } from '../told-arrivals';

/** Nothing is told about a job that nobody submitted, nor to an endpoint that its submission does not name. */
export function unasked({ accepted }: Ledger, told: readonly ToldArrival[]): readonly string[] {
  const asked = new Set(accepted.flatMap((job) => job.endpoints.map((endpoint) => `${endpoint} ${jobKey(job)}`)));
  return told.flatMap(({ endpoint, told: event }) => {
    const pair = `${endpoint.name} ${jobKey(event)}`;
    return asked.has(pair) ? [] : [pair];
  });
}
