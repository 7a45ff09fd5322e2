import { isIP } from 'node:net';

/** `10.0.0.5` is `10.0.0.5/32`; anything else stays as it is. */
export function withPrefixLength(text: string): string {
  const family = isIP(text);
  if (family === 0) return text;
  return `${text}/${family === 4 ? 32 : 128}`;
}

/** Whether a text is an IPv4 or IPv6 network: `10.0.0.0/8`, `fd00::/8`. */
export function isCidr(text: string): boolean {
  const [address = '', length = '', ...more] = text.split('/');
  const family = isIP(address);
  const bits = family === 4 ? 32 : 128;
  return (
    family !== 0 && !address.includes('%') && /^[0-9]{1,3}$/.test(length) && Number(length) <= bits && more.length === 0
  );
}
