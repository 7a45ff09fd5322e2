/** Where an operator sees a run in Temporal's Web UI. */
export function webUiLink(ui: string, namespace: string, workflowId: string, runId: string): string {
  const path = ['namespaces', namespace, 'workflows', workflowId, runId].map(encodeURIComponent).join('/');
  return `${ui.replace(/\/+$/, '')}/${path}/history`;
}
