import type { IpAddress } from './parse-ip';

const MAPPED = 0xffffn;
const NAT64 = 0x64_ff9b_0000_0000_0000_0000n;

/** An IPv4-mapped address (::ffff:0:0/96, RFC 4291 section 2.5.5.2) as the IPv4 address that is dialled for it. */
export function unmap(ip: IpAddress): IpAddress {
  return ip.version === 6 && ip.value >> 32n === MAPPED ? ipv4(ip.value) : ip;
}

/** The IPv4 addresses that traffic to an IPv6 address ends at or passes through, by the form of the address. */
export function embeddedIpv4(ip: IpAddress): readonly IpAddress[] {
  if (ip.version === 4) return [];
  if (ip.value >> 32n === MAPPED) return [ipv4(ip.value)];
  // 64:ff9b::/96, RFC 6052
  if (ip.value >> 32n === NAT64) return [ipv4(ip.value)];
  // 6to4, 2002::/16, RFC 3056: the 32 bits after the prefix
  if (ip.value >> 112n === 0x2002n) return [ipv4(ip.value >> 80n)];
  // Teredo, 2001::/32, RFC 4380 section 4: the server, and the client with all its bits turned
  if (ip.value >> 96n === 0x2001_0000n) return [ipv4(ip.value >> 64n), ipv4(~ip.value)];
  return [];
}

function ipv4(lowBits: bigint): IpAddress {
  return { version: 4, value: BigInt.asUintN(32, lowBits) };
}
