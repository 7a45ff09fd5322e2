import { embeddedIpv4 } from './embedded-ipv4';
import type { IpAddress } from './parse-ip';
import { specialRange } from './special-ranges';

export type AddressClass =
  | { readonly public: true }
  /** `range`: what it is instead, in words for an error. */
  | { readonly public: false; readonly range: string };

/**
 * Whether an address is on the public Internet. An address that carries an IPv4 address (IPv4-mapped, NAT64, 6to4,
 * Teredo) is what that one is; of two, both must be public.
 */
export function classifyAddress(ip: IpAddress): AddressClass {
  const embedded = embeddedIpv4(ip);
  const judged = embedded.length > 0 ? embedded : [ip];
  for (const one of judged) {
    const range = specialRange(one);
    if (range !== undefined) return { public: false, range: one === ip ? range : `carries IPv4, ${range}` };
  }
  return { public: true };
}
