import { type Cidr, contains, embeddedIpv4, type IpAddress, parseCidr } from './ip-address';

export type AddressClass =
  | { readonly public: true }
  /** `range`: which special-purpose block it is in, in words for an error message. */
  | { readonly public: false; readonly range: string };

/**
 * Whether an address is on the public Internet. An address that carries an IPv4 address (IPv4-mapped, NAT64, 6to4,
 * Teredo) is judged by that one; where it carries two, both must be public.
 */
export function classifyAddress(ip: IpAddress): AddressClass {
  const embedded = embeddedIpv4(ip);
  for (const each of embedded.length > 0 ? embedded : [ip]) {
    const range = specialRange(each);
    if (range !== undefined) return { public: false, range: each === ip ? range : `carries IPv4, ${range}` };
  }
  return { public: true };
}

/**
 * Every block of the IANA special-purpose registries, plus multicast and some that clouds reserve for themselves. Blocks
 * that the registry calls globally reachable (AS112, AMT, protocol anycast) are listed too: no receiver lives there.
 * A narrow block precedes the wider one around it, so that the first match has the most specific name. ipaddr.js has a
 * table of its own (`range()`), which lacks some of these.
 * Sources: https://www.iana.org/assignments/iana-ipv4-special-registry,
 * https://www.iana.org/assignments/iana-ipv6-special-registry, https://www.iana.org/assignments/multicast-addresses
 */
const BLOCKS: readonly (readonly [cidr: string, name: string])[] = [
  ['0.0.0.0/8', 'this network'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'shared address space'],
  ['127.0.0.0/8', 'loopback'],
  // Azure's WireServer: a public number, but it serves every virtual machine its secrets.
  ['168.63.129.16/32', 'cloud platform'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'IETF protocol assignments'],
  ['192.0.2.0/24', 'documentation'],
  ['192.31.196.0/24', 'AS112'],
  ['192.52.193.0/24', 'AMT'],
  ['192.88.99.0/24', '6to4 relay'],
  ['192.168.0.0/16', 'private'],
  ['192.175.48.0/24', 'AS112'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['255.255.255.255/32', 'broadcast'],
  ['240.0.0.0/4', 'reserved'],

  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['::/96', 'IPv4-compatible, deprecated'],
  // RFC 8215 does not fix where the IPv4 address is in it, so it cannot be judged by that.
  ['64:ff9b:1::/48', 'local-use NAT64'],
  ['100::/64', 'discard-only'],
  ['100:0:0:1::/64', 'dummy prefix'],
  ['2001:2::/48', 'benchmarking'],
  ['2001:10::/28', 'ORCHID, deprecated'],
  ['2001:20::/28', 'ORCHIDv2'],
  ['2001::/23', 'IETF protocol assignments'],
  ['2001:db8::/32', 'documentation'],
  ['2620:4f:8000::/48', 'AS112'],
  ['3fff::/20', 'documentation'],
  ['5f00::/16', 'segment routing'],
  ['fc00::/7', 'unique local'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'site-local, deprecated'],
  ['ff00::/8', 'multicast'],
];

const RANGES = BLOCKS.map(([text, name]) => ({ block: block(text), name }));

/** The only part of IPv6 that IANA allocates for the public Internet (RFC 4291, section 2.5.4). */
const GLOBAL_UNICAST = block('2000::/3');

/** The special-purpose block that an address is in, or undefined for an ordinary public address. */
function specialRange(ip: IpAddress): string | undefined {
  const special = RANGES.find((range) => contains(range.block, ip));
  if (special !== undefined) return special.name;
  return ip.kind() === 'ipv6' && !contains(GLOBAL_UNICAST, ip) ? 'not global unicast' : undefined;
}

function block(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new Error(`not a CIDR: ${text}`);
  return cidr;
}
