import { Agent } from 'undici';

/** An answer, whole. */
export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names; of a repeated header the first. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface HttpClient {
  /**
   * Makes one request and reads its answer. Follows no redirect, uses no proxy from the environment.
   * @throws whatever undici throws for the network, for more than {@link MAX_ANSWER_BYTES}; the signal's reason
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** A status document is small; a service that answers with all its output is not to fill the memory. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

const CONNECT_TIMEOUT_MS = 5_000;
/** Per worker. Jobs that wait for a connection wait within the deadline of their own request. */
const CONNECTIONS = 32;

/** Connections are kept, one pool for each origin. */
export function createHttpClient(): HttpClient {
  const agent = new Agent({
    connections: CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    maxResponseSize: MAX_ANSWER_BYTES,
  });
  return {
    async send({ method, url, headers }, signal) {
      const {
        statusCode,
        headers: received,
        body,
      } = await agent.request({
        ...placeOf(url),
        method,
        headers: { accept: 'application/json', 'user-agent': 'jobherald', ...headers },
        signal,
      });
      return { status: statusCode, headers: firstOfEach(received), body: await body.text() };
    },
    close: () => agent.destroy(),
  };
}

function placeOf(url: string): { readonly origin: string; readonly path: string } {
  const { origin, pathname, search } = new URL(url);
  return { origin, path: pathname + search };
}

function firstOfEach(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()[0] ?? '']));
}
