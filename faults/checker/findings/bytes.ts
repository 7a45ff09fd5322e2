import { groups, type ToldArrival } from '../told-arrivals';

/** All attempts of one event in one format have the same bytes, at every endpoint. */
export function bytesThatDiffer(told: readonly ToldArrival[]): readonly string[] {
  return groups(told, ({ endpoint, arrival }) => `${endpoint.format} ${arrival.id}`).flatMap(([event, attempts]) => {
    const bodies = new Set(attempts.map(({ arrival }) => arrival.body.toString('base64')));
    return bodies.size > 1 ? [`${event} had ${bodies.size} bodies in ${attempts.length} attempts`] : [];
  });
}
