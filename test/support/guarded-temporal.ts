import { readFileSync } from 'node:fs';
import { connect, createSecureServer, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';

export interface GuardedTemporal {
  /** localhost and a port. */
  readonly address: string;
  /** The headers of each call so far: gRPC metadata, and `:path`. */
  readonly calls: readonly IncomingHttpHeaders[];
  close(): void;
}

/** A frontend as Temporal Cloud's, before another one in plaintext: it demands TLS with a client certificate of `ca`. */
export async function startGuardedTemporal(
  target: string,
  { ca, cert, key }: { readonly ca: string; readonly cert: string; readonly key: string },
): Promise<GuardedTemporal> {
  const calls: IncomingHttpHeaders[] = [];
  const server = createSecureServer({
    cert: readFileSync(cert),
    key: readFileSync(key),
    ca: readFileSync(ca),
    requestCert: true,
    rejectUnauthorized: true,
  });
  server.on('session', (session) => {
    const upstream = connect(`http://${target}`);
    upstream.on('error', () => session.destroy());
    session.on('error', () => upstream.destroy());
    session.on('close', () => upstream.destroy());
    session.on('stream', (stream, headers) => {
      calls.push(headers);
      const call = upstream.request(headers, { endStream: false });
      const fail = () => (stream.destroyed ? undefined : stream.close());
      call.on('error', fail);
      stream.on('error', () => call.close());
      stream.on('close', () => call.close());
      call.on('response', (answer, flags) => {
        const endStream = (flags & 1) === 1; // an error alone, in headers
        if (stream.destroyed || stream.headersSent) return;
        stream.respond(answer, { endStream, waitForTrailers: !endStream });
      });
      let trailers: IncomingHttpHeaders = {};
      call.on('trailers', (last) => (trailers = last));
      stream.on('wantTrailers', () => stream.sendTrailers(trailers));
      stream.pipe(call).pipe(stream);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `localhost:${port}`, calls, close: () => server.close() };
}
