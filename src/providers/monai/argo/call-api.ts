import { Agent, request } from 'undici';
import { isObject, parseJsonOrUndefined } from '../../../domain/json';
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

/** Far more than any workflow has: Kubernetes stores 1 MiB of it, and Argo offloads some. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Calls the Argo server of the configuration, never one that a message names. Uses no proxy and follows no redirect, so
 * the token goes nowhere else. Source: Argo Workflows' REST API, `/api/v1/workflows`.
 */
export function createArgoCalls(
  { url, namespace, token }: MonaiConfig['argo'],
  deadlineMs: number,
): { readonly call: CallArgo; close(): Promise<void> } {
  const agent = new Agent({ connect: { timeout: deadlineMs } });

  const call: CallArgo = async ({ method, identity, action = '', query, body }, signal) => {
    if (url === '') throw new ProviderError('unsupported', 'providers.monai.argo.url is not configured');
    const workflow = identity === undefined ? '' : `/${encodeURIComponent(identity)}${action}`;
    const target = `${url}/api/v1/workflows/${encodeURIComponent(namespace)}${workflow}${query ? `?${query}` : ''}`;
    const response = await request(target, {
      method,
      dispatcher: agent,
      signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
      headers: {
        accept: 'application/json',
        ...(token !== '' && { authorization: token.startsWith('Bearer ') ? token : `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      if (signal.aborted) throw signal.reason;
      throw new ProviderError('unavailable', `Argo cannot be reached: ${messageOf(error)}`, { cause: error });
    });
    const text = await readText(response.body).catch((error: unknown) => {
      if (signal.aborted) throw signal.reason;
      if (error instanceof ProviderError) throw error;
      throw new ProviderError('unavailable', `Argo's response was cut off: ${messageOf(error)}`, { cause: error });
    });
    if (response.statusCode >= 200 && response.statusCode <= 299) return text;
    throw identity === undefined
      ? listRefusal(response.statusCode, text, namespace)
      : refusal(response.statusCode, text, `${method} of workflow ${namespace}/${identity}`);
  };
  return { call, close: () => agent.destroy() };
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new ProviderError('unreadable', "Argo's response is longer than 16 MiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
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
