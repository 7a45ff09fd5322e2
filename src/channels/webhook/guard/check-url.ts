import { isIP } from 'node:net';
import type { NetworkConfig } from '../../../config/config';
import { vetAddress } from './vet-address';

export type UrlCheck =
  | { readonly ok: true; readonly url: URL }
  /** `reason` is fit for a user: it never repeats the URL, which may hold a credential. */
  | { readonly ok: false; readonly reason: string };

/**
 * Checks a webhook URL as far as that is possible without DNS. A host name is resolved and vetted at each attempt, so a
 * URL that passes here may still be refused there.
 */
export function checkUrl(text: string, network: NetworkConfig): UrlCheck {
  if (!URL.canParse(text)) return refuse('not a URL; write https://host/path');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refuse('the URL must begin with https://');
  if (url.username !== '' || url.password !== '') {
    return refuse('the URL must not hold a user name or password; use a configured header');
  }
  const addresses = knownAddresses(url);
  if (addresses !== undefined) {
    const reasons = addresses.map((address) => vetAddress(address, url.protocol, network));
    return reasons.includes(undefined) ? { ok: true, url } : refuse(reasons[0] as string);
  }
  // Which address a name has is known only at the attempt, but without an allowed address none can qualify.
  if (url.protocol === 'http:' && network.allow.length === 0) {
    return refuse('plain http is only for addresses in network.allow; use https');
  }
  return { ok: true, url };
}

/**
 * The addresses of a URL whose host needs no resolver: an IP address, without brackets and normalised by WHATWG's rules,
 * or `localhost` and names under it, which are the loopback by definition (RFC 6761, section 6.3).
 * @returns undefined for any other name
 */
export function knownAddresses({ hostname }: URL): readonly string[] | undefined {
  if (/(^|\.)localhost\.?$/.test(hostname)) return ['127.0.0.1', '::1'];
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(host) === 0 ? undefined : [host];
}

function refuse(reason: string): UrlCheck {
  return { ok: false, reason };
}
