import type { TimeLimit } from '../../async/time-limit';
import type { NetworkConfig, WebhookEndpoint } from '../../config/config';
import type { ConnectionPools, Route } from './connection-pools';
import type { LoadClientCertificate } from './credentials';
import { type Lookup, resolveTarget } from './guard/resolve-target';
import { type PostResult, post } from './post';

export interface DialDependencies {
  readonly network: NetworkConfig;
  readonly lookup: Lookup;
  readonly pools: ConnectionPools;
  readonly loadCertificate: LoadClientCertificate;
}

export type DialResult =
  /** The URL may not be called, so nothing was dialled. */
  | { readonly kind: 'blocked'; readonly reason: string }
  | { readonly kind: 'dialled'; readonly address: string; readonly result: PostResult };

/**
 * Sends one request to an endpoint: checks the URL, resolves and vets its host, dials a vetted address. If one cannot be
 * connected the next is tried, until a connection is made; after that the request is never sent twice.
 * @throws what the lookup, a certificate file or the time limit throws before anything is dialled
 */
export async function dial(
  endpoint: WebhookEndpoint,
  request: { readonly headers: Record<string, string>; readonly body: Buffer },
  limit: TimeLimit,
  { network, lookup, pools, loadCertificate }: DialDependencies,
): Promise<DialResult> {
  const target = await resolveTarget(endpoint.url, network, (hostname) => limit.race(lookup(hostname)));
  if (!target.ok) return { kind: 'blocked', reason: target.reason };
  const { origin, path, addresses } = target;
  const certificate = await loadCertificate(endpoint.clientCertificate);

  const { headers, body } = request;
  let last: DialResult | undefined;
  const routes = addresses.map((address): Route => ({ endpoint: endpoint.name, origin, address, certificate }));
  for (const route of openFirst(routes, pools)) {
    const result = await post(pools.get(route), { path, headers, body }, limit);
    last = { kind: 'dialled', address: route.address, result };
    if (result.kind === 'answer' || result.connected || limit.reason !== undefined) return last;
    pools.drop(route);
  }
  if (last === undefined) throw new Error('no address to dial');
  return last;
}

/** A route that has connections comes first, so that DNS answers in random order do not mean a handshake each time. */
function openFirst(routes: readonly Route[], pools: ConnectionPools): readonly Route[] {
  const open = routes.find((route) => pools.has(route));
  return open === undefined ? routes : [open, ...routes.filter((route) => route !== open)];
}
