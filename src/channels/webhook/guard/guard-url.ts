import type { NetworkConfig } from '../../../config/config';
import { addressLiteral, isLocalhost, LOOPBACK } from './host';
import { vetAddress } from './network-rule';

export type UrlCheck =
  | { readonly ok: true; readonly url: URL }
  /** `reason` is fit for a user: it never repeats the URL, which may hold a credential. */
  | { readonly ok: false; readonly reason: string };

/**
 * Judges a webhook URL by what can be known without asking DNS. A name is resolved and vetted at each attempt, so a URL
 * that passes here may still be refused there.
 */
export function checkUrl(text: string, network: NetworkConfig): UrlCheck {
  if (!URL.canParse(text)) return refuse('not a URL; write https://host/path');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refuse('the URL must begin with https://');
  if (url.username !== '' || url.password !== '') {
    return refuse('the URL must not hold a user name or password; use a configured header');
  }
  const reason = whyHostIsRefused(url, network);
  return reason === undefined ? { ok: true, url } : refuse(reason);
}

function whyHostIsRefused(url: URL, network: NetworkConfig): string | undefined {
  const literal = addressLiteral(url);
  if (literal !== undefined) return vetAddress(literal, url.protocol, network);
  if (isLocalhost(url)) {
    const reasons = LOOPBACK.map((address) => vetAddress(address, url.protocol, network));
    return reasons.includes(undefined) ? undefined : reasons[0];
  }
  // Which address a name has is known at the attempt only; without an allowed address it cannot be a right one.
  if (url.protocol === 'http:' && network.allow.length === 0) {
    return 'plain http is only for addresses in network.allow; use https';
  }
  return undefined;
}

function refuse(reason: string): UrlCheck {
  return { ok: false, reason };
}
