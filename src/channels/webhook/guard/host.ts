import { isIP } from 'node:net';

/** The IP address that a URL names, without brackets, or undefined where it names a host. WHATWG has normalised it. */
export function addressLiteral(url: URL): string | undefined {
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  return isIP(host) === 0 ? undefined : host;
}

/** `localhost` and names under it are the loopback by definition; no resolver is asked (RFC 6761, section 6.3). */
export function isLocalhost(url: URL): boolean {
  return /(^|\.)localhost\.?$/.test(url.hostname);
}

export const LOOPBACK = ['127.0.0.1', '::1'] as const;
