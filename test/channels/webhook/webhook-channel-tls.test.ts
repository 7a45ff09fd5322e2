import { copyFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { getCACertificates, setDefaultCACertificates, type TLSSocket, type TlsOptions } from 'node:tls';
import { anEndpoint, MESSAGE, NEVER } from './a-webhook';
import { createAuthority } from './certificates';
import {
  closeAll,
  keepingRequests,
  listen,
  type ReceivedRequest,
  startChannel,
  startTcpServer,
  trackSockets,
} from './harness';

const authority = createAuthority();
const systemAuthorities = getCACertificates('default');
const server = authority.issue('receiver.test');
const client = authority.issue('client.test');

afterEach(async () => {
  setDefaultCACertificates(systemAuthorities);
  await closeAll();
});
afterAll(() => authority.remove());

const trustTheAuthority = () => setDefaultCACertificates([...systemAuthorities, authority.ca]);

/** A real HTTPS server as `receiver.test`, which the lookup of {@link channel} finds on loopback. */
async function startHttpsServer(options: TlsOptions = {}) {
  const requests: ReceivedRequest[] = [];
  const servernames: unknown[] = [];
  const clients: string[] = [];
  const pem = { cert: readFileSync(server.cert), key: readFileSync(server.key) };
  const tracked = trackSockets(
    createServer(
      { ...pem, ...options },
      keepingRequests(requests, (response) => response.end()),
    ),
  );
  tracked.server.on('secureConnection', (socket: TLSSocket) => {
    servernames.push(socket.servername);
    clients.push(String(socket.getPeerCertificate()?.subject?.CN));
  });
  const port = await listen(tracked.server, '127.0.0.1', 0);
  return { port, requests, servernames, clients };
}

const channel = () => startChannel({ lookup: async () => ['127.0.0.1'] });

test('the name of the URL is what TLS asks for, the vetted address is what is dialled', async () => {
  trustTheAuthority();
  const { port, requests, servernames } = await startHttpsServer();
  const { outcome, attempt } = await channel().send(anEndpoint(`https://receiver.test:${port}/`), MESSAGE, NEVER);
  expect(attempt.error).toBeUndefined();
  expect([outcome.kind, attempt.address]).toEqual(['delivered', '127.0.0.1']);
  expect(servernames).toEqual(['receiver.test']);
  expect(requests[0]?.headers.host).toBe(`receiver.test:${port}`);
});

test('a certificate of an unknown authority is refused', async () => {
  const { port, requests } = await startHttpsServer();
  const { outcome, attempt } = await channel().send(anEndpoint(`https://receiver.test:${port}/`), MESSAGE, NEVER);
  expect(outcome).toEqual({ kind: 'retry', slow: false });
  expect(attempt.error).toMatch(/^certificate refused: unable to verify .* \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)$/);
  expect(requests).toEqual([]);
});

test('a certificate of another name is refused', async () => {
  trustTheAuthority();
  const { port, requests } = await startHttpsServer();
  const { outcome, attempt } = await channel().send(anEndpoint(`https://other.test:${port}/`), MESSAGE, NEVER);
  expect(outcome).toEqual({ kind: 'retry', slow: false });
  expect(attempt.error).toMatch(/^certificate refused: .*other\.test.* \(ERR_TLS_CERT_ALTNAME_INVALID\)$/);
  expect(requests).toEqual([]);
});

test('a server without TLS is reported as such', async () => {
  const { port } = await startTcpServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n')));
  const { attempt } = await channel().send(anEndpoint(`https://receiver.test:${port}/`), MESSAGE, NEVER);
  expect(attempt.error).toMatch(/^TLS: /);
});

describe('mutual TLS', () => {
  const options = { requestCert: true, rejectUnauthorized: true, ca: authority.ca };

  test('presents the endpoint’s certificate', async () => {
    trustTheAuthority();
    const { port, clients } = await startHttpsServer(options);
    const endpoint = anEndpoint(`https://receiver.test:${port}/`, { clientCertificate: client });
    const { outcome, attempt } = await channel().send(endpoint, MESSAGE, NEVER);
    expect([outcome.kind, attempt.error]).toEqual(['delivered', undefined]);
    expect(clients).toEqual(['client.test']);
  });

  test('presents a renewed certificate without a restart', async () => {
    trustTheAuthority();
    const { port, clients } = await startHttpsServer(options);
    const first = authority.issue('first.test');
    const second = authority.issue('second.test');
    const webhooks = channel();
    const endpoint = anEndpoint(`https://receiver.test:${port}/`, { clientCertificate: first });
    await webhooks.send(endpoint, MESSAGE, NEVER);
    copyFileSync(second.cert, first.cert);
    copyFileSync(second.key, first.key);
    await webhooks.send(endpoint, MESSAGE, NEVER);
    expect(clients).toEqual(['first.test', 'second.test']);
  });

  test('reports what the server answers to an attempt without one', async () => {
    trustTheAuthority();
    const { port, requests } = await startHttpsServer(options);
    const { outcome, attempt } = await channel().send(anEndpoint(`https://receiver.test:${port}/`), MESSAGE, NEVER);
    expect(outcome).toEqual({ kind: 'retry', slow: false });
    expect(attempt.error).toMatch(/^TLS: .*certificate required|^connection lost before an answer/);
    expect(requests).toEqual([]);
  });
});

test('a request that is given up while connecting hangs up', async () => {
  const closed = Promise.withResolvers<number>();
  let connections = 0;
  const { port } = await startTcpServer((socket) => {
    connections++;
    socket.resume().once('close', () => closed.resolve(socket.bytesWritten));
  });
  // On a slow machine the first may be over before there is a connection.
  for (const seconds of [0.3, 3, 30]) {
    const endpoint = anEndpoint(`https://receiver.test:${port}/`, { timeoutMs: seconds * 1_000 });
    const { attempt } = await channel().send(endpoint, MESSAGE, NEVER);
    expect(attempt.error).toBe(`timeout after ${seconds < 1 ? '300ms' : `${seconds}s`}`);
    if (connections > 0) break;
  }
  // So that no handshake can go through afterwards, and no request follow it.
  expect(await closed.promise).toBe(0);
});
