import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyWebhook } from '../../receiver';

/** A webhook as it arrived, and what the receiver made of it. */
export interface Arrival {
  readonly id: string;
  /** Byte for byte. */
  readonly body: string;
  /** What the receiver answered. */
  readonly status: number;
}

export interface DemoReceiver {
  readonly url: string;
  /** Resolves with the first webhook that it accepted. */
  readonly taken: Promise<Arrival>;
  close(): Promise<void>;
}

/**
 * What a user of jobherald writes: verifies the signature over the raw body, then takes the event. Being a demo it
 * fails once first, so that a retry can be seen.
 */
export async function startReceiver(secret: string): Promise<DemoReceiver> {
  const taken = Promise.withResolvers<Arrival>();
  let hasFailed = false;

  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const { id, status } = receive(request, body);
    response.writeHead(status).end();
    if (status === 204) taken.resolve({ id, body, status });
  });

  const receive = (request: IncomingMessage, body: string): { readonly id: string; readonly status: number } => {
    try {
      const { id } = verifyWebhook({ headers: request.headers, body, secrets: [secret] });
      if (hasFailed) return { id, status: 204 };
      hasFailed = true;
      return { id, status: 500 };
    } catch (error) {
      taken.reject(error);
      return { id: '', status: 401 };
    }
  };

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  // A failure reaches who awaits `taken`; without one it must not end the process.
  taken.promise.catch(() => undefined);
  return {
    url: `http://127.0.0.1:${port}/hooks/batch-prediction`,
    taken: taken.promise,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
