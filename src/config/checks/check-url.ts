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
