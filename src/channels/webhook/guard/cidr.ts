import { unmap } from './embedded-ipv4';
import { type IpAddress, parseIp } from './parse-ip';

/** A block of addresses: those whose first bits are the prefix. */
export interface Cidr {
  readonly version: 4 | 6;
  /** How many of the last bits are free. */
  readonly freeBits: bigint;
  /** The fixed bits, shifted down by the free ones. */
  readonly prefix: bigint;
}

/**
 * Reads `10.0.0.0/8`, `fd00::/8`, or one address. Bits behind the prefix are ignored; a block of IPv4-mapped addresses is
 * the IPv4 block.
 * @returns undefined for what is neither
 */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', length, ...more] = text.split('/');
  const parsed = address.includes('%') ? undefined : parseIp(address);
  if (parsed === undefined || more.length > 0) return undefined;
  const width = widthOf(parsed);
  if (length !== undefined && !/^(0|[1-9][0-9]{0,2})$/.test(length)) return undefined;
  const prefixLength = length === undefined ? width : Number(length);
  if (prefixLength > width) return undefined;
  const ip = prefixLength >= 96 ? unmap(parsed) : parsed;
  const freeBits = BigInt(width - prefixLength);
  return { version: ip.version, freeBits, prefix: ip.value >> freeBits };
}

export function contains(cidr: Cidr, ip: IpAddress): boolean {
  return cidr.version === ip.version && ip.value >> cidr.freeBits === cidr.prefix;
}

function widthOf(ip: IpAddress): number {
  return ip.version === 4 ? 32 : 128;
}
