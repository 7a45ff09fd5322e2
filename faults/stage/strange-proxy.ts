import { once } from 'node:events';
import { createServer, type IncomingMessage, request as requestTo } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface StrangeProxy {
  readonly origin: string;
  close(): Promise<void>;
}

/** More than HTTP clients take by default. */
const LONG_HEADERS_BYTES = 20_000;

/**
 * Stands before a provider's API as some gateways do, for those requests that `isStrange` says it of: their answers come
 * behind an interim `100 Continue` that nobody asked for, compressed though nobody asked for that, and with long headers.
 */
export async function startStrangeProxy(origin: string, isStrange: (body: string) => boolean): Promise<StrangeProxy> {
  const server = createServer(async (request, response) => {
    try {
      const body = Buffer.concat(await request.toArray());
      // With its own headers, which are signed, the host among them.
      const { method, url, headers } = request;
      const passedOn = requestTo(new URL(url ?? '/', origin), { method, headers }).end(body);
      const [answer] = (await once(passedOn, 'response')) as [IncomingMessage];
      const content = Buffer.concat(await answer.toArray());
      const type = { 'content-type': answer.headers['content-type'] ?? 'application/json' };
      const status = answer.statusCode ?? 502;
      if (!isStrange(body.toString())) {
        response.writeHead(status, type).end(content);
        return;
      }
      response.writeContinue();
      const padding = 'x'.repeat(LONG_HEADERS_BYTES);
      response.writeHead(status, { ...type, 'content-encoding': 'gzip', 'x-padding': padding }).end(gzipSync(content));
    } catch {
      response.destroy(); // one of the two has gone
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
