import type { Ledger } from '../ledger';
import { isEnd } from '../read-event';
import { jobKey, type ToldArrival } from '../told-arrivals';

/** An end is told as it was, and not before it was. */
export function wrongStates({ truths }: Ledger, told: readonly ToldArrival[]): readonly string[] {
  const truth = new Map(truths.map((one) => [jobKey(one), one]));
  return told.flatMap(({ told: event, arrival }) => {
    if (!isEnd(event.type)) return [];
    const so = truth.get(jobKey(event));
    if (so === undefined) return [`${jobKey(event)} was told as ${event.type}, and had not ended`];
    if (so.type !== event.type) return [`${jobKey(event)} was told as ${event.type}, and is ${so.type}`];
    return arrival.at < so.at ? [`${jobKey(event)} was told ${so.at - arrival.at} ms before it ended`] : [];
  });
}
