import { isObject, parseJsonOrUndefined } from '../../../domain/json';
import { openConnections } from '../../../http/connections';
import { fetchAnswer, UnreadableAnswerError } from '../../../http/read-answer';
import { ProviderError } from '../../provider';
import type { MonaiConfig } from '../config';

export interface ArgoCall {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** The workflow's name. Default: the namespace's workflows. */
  readonly identity?: string;
  /** Appended to the workflow's path: `/terminate`. */
  readonly action?: string;
  readonly query?: URLSearchParams;
  readonly body?: object;
}

/**
 * Sends one request to the Argo server and resolves with the body of a 2xx.
 * @throws {ProviderError}
 */
export type CallArgo = (call: ArgoCall, signal: AbortSignal) => Promise<string>;

/**
 * Calls the Argo server of the configuration, never one that a message names. Uses no proxy and follows no redirect, so
 * the token goes nowhere else. Source: Argo Workflows' REST API, `/api/v1/workflows`.
 */
export function createArgoCalls(
  { url, namespace, token }: MonaiConfig['argo'],
  deadlineMs: number,
): { readonly call: CallArgo; close(): Promise<void> } {
  const { origin, pathname } = new URL(url === '' ? 'http://localhost' : url);
  const connections = openConnections({ origin });
  const namespacePath = `${pathname.replace(/\/$/, '')}/api/v1/workflows/${encodeURIComponent(namespace)}`;

  const call: CallArgo = async ({ method, identity, action = '', query, body }, signal) => {
    if (url === '') throw new ProviderError('unsupported', 'providers.monai.argo.url is not configured');
    const workflow = identity === undefined ? '' : `/${encodeURIComponent(identity)}${action}`;
    const headers = {
      accept: 'application/json',
      ...(token !== '' && { authorization: token.startsWith('Bearer ') ? token : `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    };
    const path = `${namespacePath}${workflow}${query ? `?${query}` : ''}`;
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    const request = { method, path, headers, ...(body && { body: JSON.stringify(body) }) };
    const answer = await fetchAnswer(connections, request, deadline).catch((error: unknown) => {
      if (signal.aborted) throw signal.reason;
      if (error instanceof UnreadableAnswerError) {
        throw new ProviderError('unreadable', `Argo's response cannot be read: ${error.message}`, { cause: error });
      }
      throw new ProviderError('unavailable', `Argo cannot be reached: ${messageOf(error)}`, { cause: error });
    });
    if (answer.status >= 200 && answer.status <= 299) return answer.body;
    throw identity === undefined
      ? listRefusal(answer.status, answer.body, namespace)
      : refusal(answer.status, answer.body, `${method} of workflow ${namespace}/${identity}`);
  };
  return { call, close: async () => connections.destroy() };
}

/** Maps a response that is not 2xx. The body is `{code, message}`, as of every gRPC gateway. */
function refusal(status: number, body: string, what: string): ProviderError {
  const text = `Argo answered HTTP ${status} to the ${what}: ${explanationIn(body)}`;
  if (status === 404) return new ProviderError('not_found', text);
  if (status === 401 || status === 403) {
    return new ProviderError('permission_denied', `${text}. Check providers.monai.argo.token and its permissions`);
  }
  if (status >= 500 || status === 408 || status === 425 || status === 429)
    return new ProviderError('unavailable', text);
  return new ProviderError('unreadable', text);
}

/** The same for a list: no answer means that there is no such workflow. */
function listRefusal(status: number, body: string, namespace: string): ProviderError {
  const { code, message } = refusal(status, body, `list of workflows in ${namespace}`);
  if (code === 'permission_denied') {
    const text = `${message}: "list" on workflows.argoproj.io in the namespace ${namespace}`;
    return new ProviderError('permission_denied', text);
  }
  // 410: the page token has expired, and the next list begins anew.
  const passes = code === 'unavailable' || status === 410;
  return new ProviderError(passes ? 'unavailable' : 'unsupported', message);
}

function explanationIn(body: string): string {
  const refusal = parseJsonOrUndefined(body);
  if (isObject(refusal) && typeof refusal['message'] === 'string') return refusal['message'].slice(0, 200);
  // A proxy's HTML page, for instance.
  return body.replace(/\s+/g, ' ').trim().slice(0, 100) || 'no explanation';
}

function messageOf(error: unknown): string {
  const { message, code } = error as { readonly message?: string; readonly code?: string };
  return message || code || String(error);
}
