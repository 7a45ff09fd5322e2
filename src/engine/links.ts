import type { EndpointConfig } from '../config/config';

/** Where an operator sees a run in Temporal's Web UI. */
export function webUiLink(ui: string, namespace: string, workflowId: string, runId: string): string {
  const path = ['namespaces', namespace, 'workflows', workflowId, runId].map(encodeURIComponent).join('/');
  return `${ui.replace(/\/+$/, '')}/${path}/history`;
}

/** The address of an endpoint, as it may be shown: without user, password and query, where secrets hide. */
export function shownUrl(endpoint: EndpointConfig): string {
  if (endpoint.type === 'kafka') return `kafka://${endpoint.brokers.join(',')}/${endpoint.topic}`;
  const url = new URL(endpoint.url);
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href;
}
