import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Connections, RequestHead } from './connections';

export interface HttpRequest extends RequestHead {
  readonly body?: string | Buffer;
}

/** Why there is no answer. */
export interface RequestFault {
  readonly error: Error;
  /** Whether any byte can have reached the server. */
  readonly connected: boolean;
}

export interface RequestHandlers {
  /** Status and headers are there; its body has to be read or destroyed. Interim answers (1xx) are passed over. */
  onAnswer(answer: IncomingMessage): void;
  /** There will be no answer. Called once, and never after {@link onAnswer}. */
  onFault(fault: RequestFault): void;
}

/** Leaves a second and a third address time within an attempt's default timeout of 15 s. */
export const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Sends one request, once. A connection that died when it was used again takes the other idle ones with it: they are as old,
 * and the next request has to get a fresh one.
 * @returns gives the request up; the fault is then this error
 */
export function sendRequest(
  connections: Connections,
  { body, ...head }: HttpRequest,
  { onAnswer, onFault }: RequestHandlers,
  connectTimeoutMs: number = CONNECT_TIMEOUT_MS,
): (error: Error) => void {
  const request = connections.begin(head);
  let connected = false;
  let isReused = false;
  let connectTimer: NodeJS.Timeout | undefined;
  let over = false;

  request.once('socket', (socket) => {
    if (established.has(socket)) {
      connected = true;
      isReused = true;
      return;
    }
    connectTimer = setTimeout(() => request.destroy(new ConnectTimeoutError()), connectTimeoutMs);
    socket.once(connections.isTls ? 'secureConnect' : 'connect', () => {
      established.add(socket);
      connected = true;
      clearTimeout(connectTimer);
    });
  });
  request.once('response', (answer) => {
    over = true;
    // An answer that is cut off ends its body with an error, which is the reader's to see.
    answer.on('error', ignore);
    onAnswer(answer);
  });
  const fail = (error: Error) => {
    clearTimeout(connectTimer);
    if (over) return;
    over = true;
    onFault({ error, connected });
  };
  request.on('error', (error) => {
    if (isReused) connections.renew();
    fail(error);
  });
  // Without a listener Node.js closes the connection, and neither `response` nor `error` ever comes.
  request.once('upgrade', (_answer, socket) => {
    socket.destroy();
    fail(new SwitchedProtocolsError());
  });
  request.once('close', () => fail(new Error('the connection was closed before an answer')));
  request.end(body);
  // A request that waits for a connection says nothing of its end before it has one.
  return (error) => {
    request.destroy(error);
    fail(error);
  };
}

/** Connections that were made; a request that gets one of them uses it again. */
const established = new WeakSet<Socket>();

function ignore(): void {}

/** The server has answered 101, and speaks another protocol from there on. */
export class SwitchedProtocolsError extends Error {
  override readonly name = 'SwitchedProtocolsError';

  constructor() {
    super('HTTP 101, switches to a protocol that was not asked for');
  }
}

export class ConnectTimeoutError extends Error {
  override readonly name = 'ConnectTimeoutError';
  readonly code = 'CONNECT_TIMEOUT';

  constructor() {
    super('connect timeout');
  }
}
