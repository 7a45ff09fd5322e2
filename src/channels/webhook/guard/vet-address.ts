import type { NetworkConfig } from '../../../config/config';
import { classifyAddress } from './classify-address';
import { type Cidr, contains, embeddedIpv4, parseCidr, parseIp, unmap } from './ip-address';

interface NetworkRule {
  readonly allow: readonly Cidr[];
  readonly deny: readonly Cidr[];
}

/** A configuration is frozen and lives as long as the process, so its CIDRs are parsed once. */
const compiled = new WeakMap<NetworkConfig, NetworkRule>();

/**
 * Why an address must not be dialled, or undefined if it may be.
 * `deny` wins over `allow`, `allow` over the default rule "public addresses only"; plain http needs `allow`.
 * @param address an IP address without brackets
 * @returns a text that begins with `blocked address ` and the address
 * @throws {TypeError} for a network rule that is not a CIDR
 */
export function vetAddress(address: string, protocol: string, network: NetworkConfig): string | undefined {
  const { allow, deny } = compile(network);
  const parsed = parseIp(address);
  if (parsed === undefined) return blocked(address, 'not an IP address');
  const ip = unmap(parsed);
  const all = [ip, ...embeddedIpv4(ip)];
  if (deny.some((cidr) => all.some((each) => contains(cidr, each)))) return blocked(address, 'in network.deny');
  if (allow.some((cidr) => contains(cidr, ip))) return undefined;
  const verdict = classifyAddress(ip);
  if (!verdict.public) return blocked(address, verdict.range);
  return protocol === 'https:' ? undefined : blocked(address, 'plain http needs it in network.allow');
}

function blocked(address: string, why: string): string {
  return `blocked address ${address} (${why})`;
}

function compile(network: NetworkConfig): NetworkRule {
  const known = compiled.get(network);
  if (known !== undefined) return known;
  const rule = { allow: network.allow.map(toCidr), deny: network.deny.map(toCidr) };
  compiled.set(network, rule);
  return rule;
}

function toCidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed === undefined)
    throw new TypeError(`network: ${JSON.stringify(text)} is not a CIDR; write 10.0.0.0/8 or fd00::/8`);
  return parsed;
}
