import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { Channel } from '../../../src/channels/channel';
import { createWebhookChannel, type WebhookChannelOptions } from '../../../src/channels/webhook/webhook-channel';
import type { WebhookEndpoint } from '../../../src/config/config';
import { LOOPBACK_ALLOWED, SECRETS } from './a-webhook';

const toClose: (() => Promise<unknown>)[] = [];

/** Closes what a test has started, the last first. */
export async function closeAll(): Promise<void> {
  for (const close of toClose.splice(0).reverse()) await close();
}

export function startChannel(options: Partial<WebhookChannelOptions> = {}): Channel<WebhookEndpoint> {
  const channel = createWebhookChannel({ secrets: SECRETS, network: LOOPBACK_ALLOWED, version: '1.2.3', ...options });
  toClose.push(() => channel.close());
  return channel;
}

export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Answer = (response: ServerResponse, request: ReceivedRequest) => void;

export interface ReceivingServer {
  readonly port: number;
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** TCP connections made to it so far. */
  connections(): number;
}

/** A real HTTP server on loopback that keeps what it receives and lets the test answer. */
export async function startServer(answer: Answer, { host = '127.0.0.1', port = 0 } = {}): Promise<ReceivingServer> {
  const requests: ReceivedRequest[] = [];
  const sockets = trackSockets(createServer(keepingRequests(requests, answer)));
  const listening = await listen(sockets.server, host, port);
  const url = `http://${host}:${listening}/hooks?x=1`;
  return { port: listening, url, requests, connections: () => sockets.count() };
}

/** A TCP server on loopback that does with each connection what the test says. */
export async function startTcpServer(onConnection: (socket: Socket) => void): Promise<{ readonly port: number }> {
  const { server } = trackSockets(createTcpServer(onConnection));
  return { port: await listen(server, '127.0.0.1', 0) };
}

/** Reads a whole request, keeps it, then answers. */
export function keepingRequests(requests: ReceivedRequest[], answer: Answer): RequestListener {
  return (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, url, headers, body: Buffer.concat(chunks) };
      requests.push(request);
      answer(response, request);
    });
  };
}

/** Counts connections, and closes them with the server. */
export function trackSockets<S extends Server>(server: S): { readonly server: S; count(): number } {
  const sockets: Socket[] = [];
  server.on('connection', (socket) => {
    // A connection that the other side resets is part of what is tested.
    socket.on('error', () => undefined);
    sockets.push(socket);
  });
  toClose.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { server, count: () => sockets.length };
}

export async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}
