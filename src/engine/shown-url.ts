import type { EndpointConfig } from '../config/config';

/** Where an endpoint is, as it may be shown: without user, password and query, where secrets hide. */
export function shownUrl(endpoint: EndpointConfig): string {
  if (endpoint.type === 'kafka') return `kafka://${endpoint.brokers.join(',')}/${endpoint.topic}`;
  const url = new URL(endpoint.url);
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href;
}
