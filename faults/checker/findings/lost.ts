import type { Ledger } from '../ledger';
import { isEnd } from '../read-event';
import { jobKey, type ToldArrival } from '../told-arrivals';

/** Every accepted job has to end at every endpoint of its, by an attempt that the endpoint took. */
export function lost({ accepted }: Ledger, told: readonly ToldArrival[]): readonly string[] {
  const taken = new Set(
    told.flatMap(({ endpoint, arrival, told: event }) =>
      arrival.wasTaken && isEnd(event.type) ? [`${endpoint.name} ${jobKey(event)}`] : [],
    ),
  );
  return accepted.flatMap((job) =>
    job.endpoints.map((endpoint) => `${endpoint} ${jobKey(job)}`).filter((pair) => !taken.has(pair)),
  );
}
