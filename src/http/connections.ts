import { Agent, type ClientRequest, request as requestPlain } from 'node:http';
import { request as requestTls, Agent as TlsAgent, type AgentOptions as TlsAgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';

export interface ConnectionOptions {
  /** Scheme, host and port: what TLS and the Host header are about. */
  readonly origin: string;
  /** The IP address that is dialled. Default: what the system's resolver says of the host. */
  readonly address?: string;
  /** Default: none. */
  readonly certificate?: { readonly cert: string | Buffer; readonly key: string | Buffer } | undefined;
  /** Connections at once. A request beyond it waits for one. Default: no limit. */
  readonly max?: number;
  /** Default: a connection is used again as long as the server lets us. */
  readonly keepAlive?: boolean;
}

export interface RequestHead {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Kept connections to one origin. They use no proxy, and nothing here follows a redirect. */
export interface Connections {
  readonly isTls: boolean;
  /** Begins a request, which asks for an answer that is not compressed. Nothing is sent before it is ended. */
  begin(head: RequestHead): ClientRequest;
  /** Whatever is connected now is used no more: closed at once where it is idle, else when its request is done. */
  renew(): void;
  /** Closes every connection; requests under way fail. */
  destroy(): void;
}

/** What the headers of an answer may have in all; Node.js takes 16 KiB by default. */
export const MAX_HEADER_BYTES = 128 * 1024;

/** An idle connection is closed after this time, earlier where the server says so by `keep-alive: timeout`. */
const IDLE_MS = 4_000;

/**
 * Opens connections by Node's own HTTP client, which takes interim answers (1xx) as RFC 9110 section 15.2 wants them taken;
 * undici hangs up at a `100 Continue` that it has not asked for.
 */
export function openConnections(options: ConnectionOptions): Connections {
  const { protocol, hostname, port, host } = new URL(options.origin);
  const isTls = protocol === 'https:';
  const agent = isTls ? new TlsAgent(agentOptions(options)) : new Agent(agentOptions(options));
  const stale = new WeakSet<Duplex>();

  // An idle connection has nothing to say: what comes all the same must not be taken for the answer to the next request.
  const hangUp = function (this: Duplex) {
    this.destroy();
  };
  const { keepSocketAlive, reuseSocket } = agent;
  agent.keepSocketAlive = (socket: Duplex) => {
    const isKept = !stale.has(socket) && (keepSocketAlive.call(agent, socket) as unknown) === true;
    if (isKept) socket.on('data', hangUp);
    return isKept;
  };
  agent.reuseSocket = (socket, request) => {
    socket.off('data', hangUp);
    reuseSocket.call(agent, socket, request);
  };

  // The address takes the host name's place, so nothing is resolved here. SNI and the name in the certificate come from
  // the Host header, as Node.js takes them.
  const target = { agent, host: options.address ?? hostname.replace(/^\[|\]$/g, ''), port: port || (isTls ? 443 : 80) };
  const begin = isTls ? requestTls : requestPlain;
  return {
    isTls,
    begin: ({ method, path, headers }) =>
      begin({ ...target, method, path, headers: { host, ...IDENTITY, ...headers }, ...STRICT }),
    renew() {
      for (const socket of Object.values(agent.sockets).flat()) if (socket) stale.add(socket);
      for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
    },
    destroy: () => agent.destroy(),
  };
}

/** No coding that would have to be undone. */
const IDENTITY = { 'accept-encoding': 'identity' } as const;

/** Said aloud, because flags of the process could change the defaults. */
const STRICT = { insecureHTTPParser: false, maxHeaderSize: MAX_HEADER_BYTES } as const;

function agentOptions({ keepAlive = true, max, certificate }: ConnectionOptions): TlsAgentOptions {
  return {
    keepAlive,
    timeout: IDLE_MS,
    ...(max !== undefined && { maxSockets: max }),
    // NODE_TLS_REJECT_UNAUTHORIZED=0 would change the default.
    rejectUnauthorized: true,
    ...(certificate && { cert: certificate.cert, key: certificate.key }),
  };
}
