import { buildConnector, Pool } from 'undici';
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
  get(route: Route): Pool;
  has(route: Route): boolean;
  /** Forgets a route that cannot be dialled; requests under way on it go on. */
  drop(route: Route): void;
  /** Closes every connection; requests under way fail. */
  close(): Promise<void>;
}

/** Routes kept at once; the one that was used longest ago gives way. An idle pool has no connection, only memory. */
const MAX_POOLS = 256;

/** Leaves a second and a third address time within the default timeout of 15 s. */
export const CONNECT_TIMEOUT_MS = 5_000;

export function createConnectionPools(maxPools: number = MAX_POOLS): ConnectionPools {
  const pools = new Map<string, Pool>();
  let newest: string | undefined;

  const retire = (key: string) => {
    // Resolves when the requests under way are done; there is nobody who waits for it.
    void pools.get(key)?.close();
    pools.delete(key);
  };

  return {
    get(route) {
      const key = keyOf(route);
      const known = pools.get(key);
      if (known !== undefined && key === newest) return known;
      const pool = known ?? openPool(route);
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
    async close() {
      const open = [...pools.values()];
      pools.clear();
      await Promise.all(open.map((pool) => pool.destroy()));
    },
  };
}

function keyOf(route: Route): string {
  return `${route.endpoint} ${route.origin} ${route.address} ${route.certificate?.version ?? ''}`;
}

/**
 * A Pool, unlike undici's global dispatcher and EnvHttpProxyAgent, knows of no proxy and follows no redirect.
 */
function openPool(route: Route): Pool {
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    allowH2: false,
    // Said aloud, because NODE_TLS_REJECT_UNAUTHORIZED=0 would change the default.
    rejectUnauthorized: true,
    ...(route.certificate && { cert: route.certificate.cert, key: route.certificate.key }),
  });
  return new Pool(route.origin, {
    // The address takes the host name's place, so nothing is resolved here. SNI, the name in the certificate and the
    // Host header come from the origin, as before.
    connect: (options, callback) => connect({ ...options, hostname: route.address }, callback),
    // The attempt has its own timers.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
