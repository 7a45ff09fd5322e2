import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

/** A block of addresses: its network, and how many of the first bits count. */
export type Cidr = readonly [network: IpAddress, prefixLength: number];

/**
 * Reads an address as resolvers and WHATWG URLs write it. Other spellings of IPv4 (octal, hexadecimal, one number) are
 * refused, although ipaddr.js reads them: a URL parser has already turned those into this one.
 * @param text without brackets; a zone (`fe80::1%eth0`) is ignored
 */
export function parseIp(text: string): IpAddress | undefined {
  const address = text.includes(':') ? text.replace(/%.*$/, '') : text;
  if (isIP(address) === 0) return undefined;
  // ipaddr.js takes `::8.8.8.8` for the IPv4-mapped `::ffff:8.8.8.8`, so it gets no IPv6 address with a dotted tail.
  return ipaddr.parse(isIP(address) === 6 && address.includes('.') ? withoutDots(address) : address);
}

function withoutDots(ipv6: string): string {
  return new URL(`http://[${ipv6}]/`).hostname.slice(1, -1);
}

/**
 * Reads `10.0.0.0/8`, `fd00::/8`, or one address. Bits behind the prefix are ignored; a block of IPv4-mapped addresses
 * is the IPv4 block.
 * @returns undefined for anything else
 */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', length, ...more] = text.split('/');
  const network = address.includes('%') ? undefined : parseIp(address);
  if (network === undefined || more.length > 0) return undefined;
  if (length !== undefined && !/^(0|[1-9][0-9]{0,2})$/.test(length)) return undefined;
  const bits = network.kind() === 'ipv4' ? 32 : 128;
  const prefixLength = length === undefined ? bits : Number(length);
  if (prefixLength > bits) return undefined;
  const ipv4 = prefixLength >= 96 ? unmap(network) : network;
  return ipv4 === network ? [network, prefixLength] : [ipv4, prefixLength - 96];
}

/** A block of one family contains no address of the other. */
export function contains([network, prefixLength]: Cidr, ip: IpAddress): boolean {
  return network.kind() === ip.kind() && ip.match(network, prefixLength);
}

/** An IPv4-mapped address (`::ffff:0:0/96`, RFC 4291 section 2.5.5.2) as the IPv4 address that is dialled for it. */
export function unmap(ip: IpAddress): IpAddress {
  return isIpv6(ip) && ip.isIPv4MappedAddress() ? ip.toIPv4Address() : ip;
}

/** The IPv4 addresses that traffic to an IPv6 address ends at or passes through, by the form of the address. */
export function embeddedIpv4(ip: IpAddress): readonly IpAddress[] {
  if (!isIpv6(ip)) return [];
  const bytes = ip.toByteArray();
  const ipv4At = (index: number) => new ipaddr.IPv4(bytes.slice(index, index + 4));
  if (contains(MAPPED, ip) || contains(NAT64, ip)) return [ipv4At(12)];
  if (contains(SIX_TO_FOUR, ip)) return [ipv4At(2)];
  if (contains(TEREDO, ip)) return [ipv4At(4), new ipaddr.IPv4(bytes.slice(12).map((byte) => byte ^ 0xff))];
  return [];
}

/** RFC 4291, section 2.5.5.2. */
const MAPPED: Cidr = [ipaddr.parse('::ffff:0:0'), 96];
/** The well-known prefix of RFC 6052, section 2.1. */
const NAT64: Cidr = [ipaddr.parse('64:ff9b::'), 96];
/** RFC 3056: the 32 bits behind the prefix. */
const SIX_TO_FOUR: Cidr = [ipaddr.parse('2002::'), 16];
/** RFC 4380, section 4: the server, and the client with all its bits inverted. */
const TEREDO: Cidr = [ipaddr.parse('2001::'), 32];

function isIpv6(ip: IpAddress): ip is ipaddr.IPv6 {
  return ip.kind() === 'ipv6';
}
