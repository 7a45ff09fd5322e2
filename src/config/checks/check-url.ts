import { isIP } from 'node:net';
import { checkUrl } from '../../channels/webhook/guard/check-url';
import { isCidr } from '../cidr';
import type { NetworkConfig } from '../config';
import type { Fault } from '../fault';

/** That a URL is one of HTTP and holds no user and password. The URL is never quoted: people do put keys into them. */
export function checkHttpUrl(pointer: string, text: string): readonly Fault[] {
  if (text === '') return [];
  if (!URL.canParse(text)) return [{ pointer, text: 'is no URL; give one such as https://example.com/hooks' }];
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return [{ pointer, text: `must begin with https:// or http://, not ${url.protocol}` }];
  }
  if (url.username !== '' || url.password !== '') {
    return [{ pointer, text: 'must hold no user and password; send them as a header instead' }];
  }
  return [];
}

/**
 * The same of a webhook, and that it is not certain to be blocked: every delivery to an address that may not be called would
 * wait in vain. Which address a name has is known only at each attempt.
 */
export function checkWebhookUrl(pointer: string, text: string, network: NetworkConfig): readonly Fault[] {
  const faults = checkHttpUrl(pointer, text);
  if (text === '' || faults.length > 0) return faults;
  const areCidrs = [...network.allow, ...network.deny].every(isCidr); // else they are faults of their own
  const check = areCidrs ? checkUrl(text, network) : undefined;
  if (check?.ok !== false) return [];
  const own = pointer.replace(/url$/, 'network/allow');
  return [{ pointer, text: `deliveries would be blocked: ${check.reason}; ${adviceFor(text, check.reason, own)}` }];
}

function adviceFor(text: string, reason: string, own: string): string {
  if (reason.includes('network.deny')) return 'take it out of /network/deny, or change the URL';
  const { hostname } = new URL(text);
  const address = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  const cidr = isIP(address) === 0 ? (/(^|\.)localhost\.?$/.test(address) ? '127.0.0.0/8' : undefined) : address;
  return `if it is intended, add ${cidr ?? 'its addresses'} to /network/allow or ${own}`;
}

/** AMQP writes the length of a name into one byte. */
const MAX_AMQP_NAME_BYTES = 255;

/** @param longest what is appended to the name */
export function checkAmqpName(pointer: string, name: string, longest = ''): readonly Fault[] {
  const most = MAX_AMQP_NAME_BYTES - longest.length;
  const bytes = Buffer.byteLength(name);
  return bytes <= most ? [] : [{ pointer, text: `has ${bytes} bytes in UTF-8; AMQP takes ${most} here` }];
}

/** That a URL is one of AMQP and names a host. It may hold user and password, and so is never quoted either. */
export function checkAmqpUrl(pointer: string, text: string): readonly Fault[] {
  if (text === '') return [];
  const example = 'amqp://user:password@rabbitmq.example.com/vhost';
  if (!URL.canParse(text)) return [{ pointer, text: `is no URL; give one such as ${example}` }];
  const url = new URL(text);
  if (url.protocol !== 'amqp:' && url.protocol !== 'amqps:') {
    return [{ pointer, text: `must begin with amqp:// or amqps://, not ${url.protocol}` }];
  }
  return url.hostname === '' ? [{ pointer, text: `names no host; give one as in ${example}` }] : [];
}
