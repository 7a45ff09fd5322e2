import type { NetworkConfig, WebhookEndpoint } from '../../config/config';
import type { LoadClientCertificate } from './client-certificate';
import type { ConnectionPools, Route } from './connection-pools';
import { type Deadline, unlessOver } from './deadline';
import { type Lookup, resolveAndVet } from './guard/resolve-and-vet';
import { targetOf } from './guard/target';
import { type PostResult, post } from './post';

export interface AttemptTools {
  readonly network: NetworkConfig;
  readonly lookup: Lookup;
  readonly pools: ConnectionPools;
  readonly loadCertificate: LoadClientCertificate;
}

export type AttemptResult =
  /** Never dialled: the URL may not be called. */
  | { readonly kind: 'blocked'; readonly reason: string }
  | { readonly kind: 'dialled'; readonly address: string; readonly result: PostResult };

/**
 * Makes one request to an endpoint: judges the URL, resolves and vets its host, dials what was vetted. Where an address
 * cannot be connected the next is tried, until a connection stands; after that the request is never sent twice.
 * @throws what the look-up, a certificate file or the deadline throws before anything is dialled
 */
export async function attempt(
  endpoint: WebhookEndpoint,
  request: { readonly headers: Record<string, string>; readonly body: Buffer },
  deadline: Deadline,
  tools: AttemptTools,
): Promise<AttemptResult> {
  const target = targetOf(endpoint.url, tools.network);
  if (!target.ok) return { kind: 'blocked', reason: target.reason };
  let { addresses } = target;
  // Every await is one more turn before the request goes out, so there is one only where something is waited for.
  if (addresses === undefined) {
    const vetted = await unlessOver(resolveAndVet(target.url, tools.network, tools.lookup), deadline);
    if (!vetted.ok) return { kind: 'blocked', reason: vetted.reason };
    addresses = vetted.addresses;
  }
  const { clientCertificate } = endpoint;
  const certificate = clientCertificate.cert === '' ? undefined : await tools.loadCertificate(clientCertificate);

  const { origin, path } = target;
  const { headers, body } = request;
  let last: AttemptResult | undefined;
  const routes = addresses.map((address): Route => ({ endpoint: endpoint.name, origin, address, certificate }));
  for (const route of inOrderOfUse(routes, tools.pools)) {
    const result = await post(tools.pools.get(route), { path, headers, body }, deadline);
    last = { kind: 'dialled', address: route.address, result };
    if (result.kind === 'answer' || result.connected || deadline.reason !== undefined) return last;
    tools.pools.drop(route);
  }
  if (last === undefined) throw new Error('no address to dial');
  return last;
}

/** A route with connections first, so that an answer that DNS shuffles does not mean a new handshake each time. */
function inOrderOfUse(routes: readonly Route[], pools: ConnectionPools): readonly Route[] {
  const inUse = routes.length > 1 ? routes.find((route) => pools.has(route)) : undefined;
  return inUse === undefined ? routes : [inUse, ...routes.filter((route) => route !== inUse)];
}
