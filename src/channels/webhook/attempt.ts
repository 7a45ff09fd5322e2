import type { NetworkConfig, WebhookEndpoint } from '../../config/config';
import type { LoadClientCertificate } from './client-certificate';
import type { ConnectionPools, Route } from './connection-pools';
import { type Deadline, unlessOver } from './deadline';
import { checkUrl } from './guard/guard-url';
import { type Lookup, resolveAndVet, vetLiteral } from './guard/resolve-and-vet';
import { type PostResult, post } from './post';

export interface AttemptTools {
  readonly network: NetworkConfig;
  readonly lookup: Lookup;
  readonly pools: ConnectionPools;
  readonly loadCertificate: LoadClientCertificate;
}

export type AttemptResult =
  /** Never dialled: the URL may not be called. */
  { readonly kind: 'blocked'; readonly reason: string } | (PostResult & { readonly address: string });

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
  const checked = checkUrl(endpoint.url, tools.network);
  if (!checked.ok) return { kind: 'blocked', reason: checked.reason };
  const { url } = checked;
  // A literal needs no look-up, and every await is one more turn before the request goes out.
  const vetted =
    vetLiteral(url, tools.network) ?? (await unlessOver(resolveAndVet(url, tools.network, tools.lookup), deadline));
  if (!vetted.ok) return { kind: 'blocked', reason: vetted.reason };

  const { clientCertificate } = endpoint;
  const certificate = clientCertificate.cert === '' ? undefined : await tools.loadCertificate(clientCertificate);
  const routes = vetted.addresses.map(
    (address): Route => ({ endpoint: endpoint.name, origin: url.origin, address, certificate }),
  );
  const target = { path: url.pathname + url.search, headers: request.headers, body: request.body };
  return tryInTurn(inOrderOfUse(routes, tools.pools), target, deadline, tools.pools);
}

/** A route with connections first, so that an answer that DNS shuffles does not mean a new handshake each time. */
function inOrderOfUse(routes: readonly Route[], pools: ConnectionPools): readonly Route[] {
  const inUse = routes.length > 1 ? routes.find((route) => pools.has(route)) : undefined;
  return inUse === undefined ? routes : [inUse, ...routes.filter((route) => route !== inUse)];
}

async function tryInTurn(
  routes: readonly Route[],
  target: Parameters<typeof post>[1],
  deadline: Deadline,
  pools: ConnectionPools,
): Promise<AttemptResult> {
  let last: AttemptResult | undefined;
  for (const route of routes) {
    const result = { ...(await post(pools.get(route), target, deadline)), address: route.address };
    if (result.kind === 'answer' || result.connected || deadline.reason !== undefined) return result;
    pools.drop(route);
    last = result;
  }
  if (last === undefined) throw new Error('no address to dial');
  return last;
}
