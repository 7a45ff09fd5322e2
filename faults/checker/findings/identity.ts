import type { Ledger } from '../ledger';
import { isEnd } from '../read-event';
import { jobKey, type ToldArrival } from '../told-arrivals';
import { identityOf } from '../uuid-v5';

/** The identity is the published function of provider, job, key and event type: anybody can compute it. */
export function wrongIdentities({ accepted }: Ledger, told: readonly ToldArrival[]): readonly string[] {
  const keys = new Map(accepted.map((job) => [jobKey(job), job.key ?? identityOf([job.provider, job.job])]));
  return told.flatMap(({ endpoint, arrival, told: { provider, job, type, sequence } }) => {
    const key = keys.get(jobKey({ provider, job }));
    if (key === undefined || (!isEnd(type) && sequence === null)) return [];
    const expected = identityOf([provider, job, key, type, ...(isEnd(type) ? [] : [sequence as number])]);
    return arrival.id === expected ? [] : [`${endpoint.name} ${jobKey({ provider, job })} ${type}: ${arrival.id}`];
  });
}
