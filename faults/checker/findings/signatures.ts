import { signatureFault } from '../signature';
import type { ToldArrival } from '../told-arrivals';

export function badSignatures(told: readonly ToldArrival[]): readonly string[] {
  return told.flatMap(({ endpoint, arrival }) => {
    const fault = endpoint.secret === null ? undefined : signatureFault(arrival, endpoint.secret);
    return fault === undefined ? [] : [`${endpoint.name} ${arrival.id}: ${fault}`];
  });
}
