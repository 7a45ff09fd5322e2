/** An IP address as a number: 32 bits or 128. */
export interface IpAddress {
  readonly version: 4 | 6;
  readonly value: bigint;
}

/**
 * Reads an address as resolvers and WHATWG URLs write it. Other spellings of IPv4 (octal, hexadecimal, one number) are
 * no addresses here: a URL parser has turned them into this one already.
 * @param text without brackets; a zone (`fe80::1%eth0`) is left away
 */
export function parseIp(text: string): IpAddress | undefined {
  if (text.includes(':')) return parseIpv6(text.replace(/%.*$/, ''));
  const value = ipv4Value(text);
  return value === undefined ? undefined : { version: 4, value };
}

function ipv4Value(text: string): bigint | undefined {
  const match = IPV4.exec(text);
  if (match === null) return undefined;
  const bytes = match.slice(1).map(Number);
  return bytes.every((byte) => byte <= 255) ? BigInt(bytes.reduce((value, byte) => value * 256 + byte, 0)) : undefined;
}

const BYTE = '(0|[1-9][0-9]{0,2})';
const IPV4 = new RegExp(`^${BYTE}\\.${BYTE}\\.${BYTE}\\.${BYTE}$`);

/** RFC 4291, section 2.2: eight groups, `::` once for one or more groups of zero, the last two perhaps as IPv4. */
function parseIpv6(text: string): IpAddress | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groups(halves[0] as string, halves.length === 1);
  const tail = groups(halves[1] ?? '', true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...new Array<bigint>(missing).fill(0n), ...tail];
  return { version: 6, value: all.reduce((value, group) => (value << 16n) | group, 0n) };
}

function groups(text: string, last: boolean): bigint[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const values: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    if (last && index === parts.length - 1 && part.includes('.')) {
      const ipv4 = ipv4Value(part);
      if (ipv4 === undefined) return undefined;
      values.push(ipv4 >> 16n, ipv4 & 0xffffn);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      values.push(BigInt(`0x${part}`));
    } else {
      return undefined;
    }
  }
  return values;
}
