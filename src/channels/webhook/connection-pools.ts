import { type Connections, openConnections } from '../../http/connections';
import type { ClientCertificate } from './credentials';

/** Where connections of a pool lead: never shared between endpoints, so that one cannot hold up another. */
export interface Route {
  /** Endpoint name. */
  readonly endpoint: string;
  /** Scheme, host and port of the URL: what TLS and the Host header are about. */
  readonly origin: string;
  /** The vetted IP address that is dialled. */
  readonly address: string;
  readonly certificate?: ClientCertificate | undefined;
}

export interface ConnectionPools {
  /** Kept connections along a route; made at the first use. */
  get(route: Route): Connections;
  has(route: Route): boolean;
  /** Forgets a route that cannot be dialled; requests under way on it go on. */
  drop(route: Route): void;
  /** Closes every connection; requests under way fail. */
  close(): void;
}

/** Routes kept at once; the one that was used longest ago gives way. An idle pool has no connection, only memory. */
const MAX_POOLS = 256;

export function createConnectionPools(maxPools: number = MAX_POOLS): ConnectionPools {
  const pools = new Map<string, Connections>();
  let newest: string | undefined;

  const retire = (key: string) => {
    pools.get(key)?.renew();
    pools.delete(key);
  };

  return {
    get(route) {
      const key = keyOf(route);
      const known = pools.get(key);
      if (known !== undefined && key === newest) return known;
      const pool = known ?? openConnections(route);
      // A Map keeps the order of insertion: put at the end, this route is the last to give way.
      pools.delete(key);
      pools.set(key, pool);
      newest = key;
      const [oldest] = pools.keys();
      if (pools.size > maxPools && oldest !== undefined) retire(oldest);
      return pool;
    },
    has: (route) => pools.has(keyOf(route)),
    drop: (route) => retire(keyOf(route)),
    close() {
      for (const pool of pools.values()) pool.destroy();
      pools.clear();
    },
  };
}

function keyOf(route: Route): string {
  return `${route.endpoint} ${route.origin} ${route.address} ${route.certificate?.version ?? ''}`;
}
