import { type Connections, openConnections } from '../../http/connections';
import { fetchAnswer, type HttpAnswer } from '../../http/read-answer';

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface HttpClient {
  /**
   * Sends one request and reads the response. Follows no redirect and uses no proxy of the environment.
   * @throws {UnreadableAnswerError}; the network's errors; the signal's reason
   */
  send(call: HttpCall, signal: AbortSignal): Promise<HttpAnswer>;
  close(): void;
}

/** Per worker. The wait for a free connection counts against the timeout of the request. */
const MAX_CONNECTIONS = 32;

/** Keeps connections open, in one pool for each origin: a service has one or two. */
export function createHttpClient(): HttpClient {
  const pools = new Map<string, Connections>();
  const connectionsTo = (origin: string): Connections => {
    const connections = pools.get(origin) ?? openConnections({ origin, max: MAX_CONNECTIONS });
    pools.set(origin, connections);
    return connections;
  };
  return {
    send({ method, url, headers }, signal) {
      const { origin, pathname, search } = new URL(url);
      const given = { accept: 'application/json', 'user-agent': 'jobherald', ...headers };
      return fetchAnswer(connectionsTo(origin), { method, path: pathname + search, headers: given }, signal);
    },
    close() {
      for (const connections of pools.values()) connections.destroy();
    },
  };
}

/** Shorter values would redact ordinary words, and no usable key is as short. */
const MIN_REDACTED_LENGTH = 8;

/** A text with the given values redacted. */
export function redact(text: string, values: readonly string[]): string {
  return values
    .filter(({ length }) => length >= MIN_REDACTED_LENGTH)
    .reduce((rest, value) => rest.replaceAll(value, '[secret]'), text);
}
