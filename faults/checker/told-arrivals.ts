import type { Arrival, Endpoint, Ledger } from './ledger';
import { readEvent, type Told } from './read-event';

/** An attempt, what it tells and to whom. */
export interface ToldArrival {
  readonly endpoint: Endpoint;
  readonly arrival: Arrival;
  readonly told: Told;
}

/** Every attempt, read. `unreadable` are those that nobody can read. */
export function tellings({ endpoints, arrivals }: Ledger): {
  readonly told: readonly ToldArrival[];
  readonly unreadable: readonly string[];
} {
  const unreadable: string[] = [];
  const told = arrivals.flatMap((arrival) => {
    const endpoint = endpoints.find(({ name }) => name === arrival.endpoint);
    try {
      if (endpoint === undefined) throw new Error('nobody listens there');
      return [{ endpoint, arrival, told: readEvent(endpoint.format, arrival) }];
    } catch (error) {
      unreadable.push(`${arrival.endpoint} ${arrival.id}: ${(error as Error).message}`);
      return [];
    }
  });
  return { told, unreadable };
}

/** `items` by what `key` says of each, in the order of the first of each. */
export function groups<T>(items: readonly T[], key: (item: T) => string): readonly (readonly [string, readonly T[]])[] {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const known = found.get(key(item));
    if (known) known.push(item);
    else found.set(key(item), [item]);
  }
  return [...found];
}

export function jobKey({ provider, job }: { readonly provider: string; readonly job: string }): string {
  return `${provider}/${job}`;
}
