import { lookup as dnsLookup } from 'node:dns/promises';
import type { NetworkConfig } from '../../../config/config';
import { addressLiteral, isLocalhost, LOOPBACK } from './host';
import { vetAddress } from './network-rule';

/** Resolves a name to all its addresses, in the order of the answer. Rejects where there is none. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

/** The system's resolver, with its hosts file. */
export const systemLookup: Lookup = async (hostname) => {
  const answers = await dnsLookup(hostname, { all: true, order: 'verbatim' });
  return answers.map(({ address }) => address);
};

export type Vetted =
  /** Any of them may be dialled; never empty. */
  { readonly ok: true; readonly addresses: readonly string[] } | { readonly ok: false; readonly reason: string };

/**
 * Resolves the host of a URL once and vets every answer: one that may not be dialled refuses them all, for a name with
 * a public and a private address is an attack or a mistake. What it returns is dialled as it is, never resolved again.
 * @throws what the lookup rejects with
 */
export async function resolveAndVet(url: URL, network: NetworkConfig, lookup: Lookup): Promise<Vetted> {
  const known = vetLiteral(url, network);
  if (known !== undefined) return known;
  const addresses = await lookup(url.hostname);
  if (addresses.length === 0) throw new Error(`no address for ${url.hostname}`);
  return vetAll(addresses, url, network);
}

/** As {@link resolveAndVet} where there is nothing to resolve, an IP address or `localhost`; undefined for a name. */
export function vetLiteral(url: URL, network: NetworkConfig): Vetted | undefined {
  if (isLocalhost(url)) {
    const vet = (address: string) => vetAddress(address, url.protocol, network);
    const addresses = LOOPBACK.filter((address) => vet(address) === undefined);
    return addresses.length > 0 ? { ok: true, addresses } : { ok: false, reason: vet(LOOPBACK[0]) as string };
  }
  const literal = addressLiteral(url);
  return literal === undefined ? undefined : vetAll([literal], url, network);
}

function vetAll(addresses: readonly string[], url: URL, network: NetworkConfig): Vetted {
  for (const address of addresses) {
    const reason = vetAddress(address, url.protocol, network);
    if (reason !== undefined) return { ok: false, reason };
  }
  return { ok: true, addresses };
}
