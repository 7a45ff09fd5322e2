import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  /** As it stood in the request line. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** What it answers to everything, in place of its documents. */
export type Answer = (response: ServerResponse, request: SeenRequest) => void;

/**
 * A status API on loopback, as the services of this world have them: GET gives a job's document, 404 where there is none,
 * 401 without the key; anything else cancels.
 */
export interface StatusService {
  readonly origin: string;
  readonly seen: SeenRequest[];
  /** The document at a path from now on. */
  put(path: string, document: unknown): void;
  /** Until it is called without an answer. */
  answer(answer?: Answer): void;
  close(): Promise<void>;
}

export async function startStatusService(
  key: { readonly header: string; readonly value: string } | undefined = undefined,
): Promise<StatusService> {
  const documents = new Map<string, unknown>();
  const seen: SeenRequest[] = [];
  let instead: Answer | undefined;

  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers });
    if (instead) return instead(response, { method, url, headers });
    const say = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const [path = ''] = url.split('?');
    if (key && headers[key.header] !== key.value) {
      return say(401, { error: { message: `Incorrect API key provided: ${headers[key.header]}` } });
    }
    if (method !== 'GET') return say(200, {});
    return documents.has(path) ? say(200, documents.get(path)) : say(404, { error: { message: 'No such job' } });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    seen,
    put: (path, document) => void documents.set(path, document),
    answer: (answer) => {
      instead = answer;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
