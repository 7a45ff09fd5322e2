import type { NetworkConfig } from '../../../config/config';
import { type Cidr, contains, parseCidr } from './cidr';
import { classifyAddress } from './classify-address';
import { embeddedIpv4, unmap } from './embedded-ipv4';
import { parseIp } from './parse-ip';

interface NetworkRule {
  readonly allow: readonly Cidr[];
  readonly deny: readonly Cidr[];
  /** What was found of an address and protocol: endpoints are few, attempts many. */
  readonly verdicts: Map<string, string | undefined>;
}

/** Addresses of inline endpoints come from outside, so their number must not be without bound. */
const MAX_VERDICTS = 1024;

/** A configuration is frozen and lives long, an attempt does not: its CIDRs are read once. */
const compiled = new WeakMap<NetworkConfig, NetworkRule>();

/**
 * Why an address must not be dialled, or undefined where it may.
 * `deny` wins over `allow`, `allow` over the default rule "public addresses only"; plain http needs `allow`.
 * @param address an IP address without brackets
 * @returns a text that begins `blocked address ` and the address
 * @throws {TypeError} for a network rule that is no CIDR
 */
export function vetAddress(address: string, protocol: string, network: NetworkConfig): string | undefined {
  const rule = compile(network);
  const question = `${protocol}${address}`;
  if (rule.verdicts.has(question)) return rule.verdicts.get(question);
  const verdict = judge(address, protocol, rule);
  if (rule.verdicts.size >= MAX_VERDICTS) rule.verdicts.clear();
  rule.verdicts.set(question, verdict);
  return verdict;
}

function judge(address: string, protocol: string, { allow, deny }: NetworkRule): string | undefined {
  const parsed = parseIp(address);
  if (parsed === undefined) return blocked(address, 'not an IP address');
  const ip = unmap(parsed);
  const faces = [ip, ...embeddedIpv4(ip)];
  if (deny.some((cidr) => faces.some((face) => contains(cidr, face)))) return blocked(address, 'in network.deny');
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
  const rule = {
    allow: network.allow.map(cidr),
    deny: network.deny.map(cidr),
    verdicts: new Map<string, string | undefined>(),
  };
  compiled.set(network, rule);
  return rule;
}

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed === undefined)
    throw new TypeError(`network: ${JSON.stringify(text)} is no CIDR; write 10.0.0.0/8 or fd00::/8`);
  return parsed;
}
