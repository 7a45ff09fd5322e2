import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived, whole. */
export interface ReceivedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as JSON. */
  readonly json: Record<string, unknown> & { readonly type?: string; readonly data?: Record<string, unknown> };
}

type Answer = number | ((before: number, request: ReceivedRequest) => number);

export interface TestReceiver {
  readonly url: string;
  readonly received: readonly ReceivedRequest[];
  /** How many of them are not answered yet, by callers who still wait. */
  readonly underWay: () => number;
  /** What it answers from now on; a function sees how many requests came before, and the request. */
  answer(status: Answer, headers?: Record<string, string>): void;
  /** Lets every answer wait until the returned function is called. */
  hold(): () => void;
  close(): Promise<void>;
}

/** A real HTTP server on loopback that keeps what it receives. Answers 204 unless told otherwise. */
export async function startReceiver(): Promise<TestReceiver> {
  const received: ReceivedRequest[] = [];
  let status: Answer = 204;
  let extra: Record<string, string> = {};
  let held: Promise<void> = Promise.resolve();

  let underWay = 0;
  const server = createServer(async (request, response) => {
    underWay++;
    response.once('close', () => underWay--);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const whole = { headers: request.headers, body, json: JSON.parse(body || '{}') };
    const code = typeof status === 'function' ? status(received.length, whole) : status;
    received.push(whole);
    await held;
    response.writeHead(code, extra).end();
  });
  // Long after a sender has closed an idle connection: no attempt meets one that is closed just now, by a process that stood still.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    underWay: () => underWay,
    answer: (next, headers = {}) => {
      status = next;
      extra = headers;
    },
    hold() {
      let release = () => {};
      held = new Promise((resolve) => (release = resolve));
      return () => release();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
