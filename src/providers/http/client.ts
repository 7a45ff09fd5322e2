import { Agent } from 'undici';

/** A response with its whole body. */
export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names; the first value of a repeated header. */
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
   * Sends one request and reads the response. Follows no redirect and uses no proxy of the environment.
   * @throws undici's errors for the network and for more than {@link MAX_ANSWER_BYTES}; the signal's reason
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** A status document is small. The limit protects the memory from a service that answers with its whole output. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

const CONNECT_TIMEOUT_MS = 5_000;
/** Per worker. The wait for a free connection counts against the timeout of the request. */
const CONNECTIONS = 32;

/** Keeps connections open, in one pool for each origin. */
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
        ...originAndPath(url),
        method,
        headers: { accept: 'application/json', 'user-agent': 'jobherald', ...headers },
        signal,
      });
      return { status: statusCode, headers: firstOfEach(received), body: await body.text() };
    },
    close: () => agent.destroy(),
  };
}

function originAndPath(url: string): { readonly origin: string; readonly path: string } {
  const { origin, pathname, search } = new URL(url);
  return { origin, path: pathname + search };
}

function firstOfEach(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()[0] ?? '']));
}

/** Shorter values would redact ordinary words, and no usable key is as short. */
const MIN_REDACTED_LENGTH = 8;

/** A text with the given values redacted. */
export function redact(text: string, values: readonly string[]): string {
  return values
    .filter(({ length }) => length >= MIN_REDACTED_LENGTH)
    .reduce((rest, value) => rest.replaceAll(value, '[secret]'), text);
}
