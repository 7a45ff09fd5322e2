import type { NetworkConfig } from '../../../config/config';
import { checkUrl, knownAddresses } from './check-url';
import { vetAddress } from './vet-address';

/** What one attempt dials. */
export type Target =
  | {
      readonly ok: true;
      /** Scheme, host and port. */
      readonly origin: string;
      /** Path and query. */
      readonly path: string;
      /** Any of them may be dialled; never empty. */
      readonly addresses: readonly string[];
    }
  | { readonly ok: false; readonly reason: string };

/** Resolves a name to all its addresses, in the order of the answer. Rejects if there is none. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

/**
 * Checks a webhook URL, resolves its host once and vets every answer: one address that may not be dialled refuses them
 * all, because a name with both a public and a private address is an attack or a mistake. The returned addresses are
 * dialled as they are, never resolved again.
 * @param lookup never called for an IP address or `localhost`
 * @throws what the lookup rejects with
 */
export async function resolveTarget(text: string, network: NetworkConfig, lookup: Lookup): Promise<Target> {
  const check = checkUrl(text, network);
  if (!check.ok) return check;
  const { url } = check;
  const whyRefused = (address: string) => vetAddress(address, url.protocol, network);
  const target = { ok: true, origin: url.origin, path: url.pathname + url.search } as const;

  const known = knownAddresses(url);
  // `localhost` has two addresses by definition, so one that is not allowed does not refuse the other.
  if (known !== undefined) return { ...target, addresses: known.filter((each) => whyRefused(each) === undefined) };

  const addresses = await lookup(url.hostname);
  if (addresses.length === 0) throw new Error(`no address for ${url.hostname}`);
  const reason = addresses.map(whyRefused).find((each) => each !== undefined);
  return reason === undefined ? { ...target, addresses } : { ok: false, reason };
}
