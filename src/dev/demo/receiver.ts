import { EventEmitter, once } from 'node:events';
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
  /** Resolves with the webhook of a job, once it has accepted it. */
  taken(job: string): Promise<Arrival>;
  close(): Promise<void>;
}

/**
 * What a user of jobherald writes: verifies the signature over the raw body, then takes the event. Being a demo it
 * fails once first, so that a retry can be seen.
 */
export async function startReceiver(secret: string): Promise<DemoReceiver> {
  const arrivals = new EventEmitter();
  const accepted = new Map<string, Arrival>();
  let hasFailed = false;

  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const { id, status } = receive(request, body);
    response.writeHead(status).end();
    if (status !== 204) return;
    accepted.set((JSON.parse(body) as { jobId: string }).jobId, { id, body, status });
    arrivals.emit('accepted');
  });

  const receive = (request: IncomingMessage, body: string): { readonly id: string; readonly status: number } => {
    try {
      const { id } = verifyWebhook({ headers: request.headers, body, secrets: [secret] });
      if (hasFailed) return { id, status: 204 };
      hasFailed = true;
      return { id, status: 500 };
    } catch (error) {
      arrivals.emit('error', error);
      return { id: '', status: 401 };
    }
  };

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  arrivals.on('error', () => undefined); // reaches who awaits `taken`; without one it must not end the process
  return {
    url: `http://127.0.0.1:${port}/hooks/batch-prediction`,
    async taken(job) {
      const id = job.split('/').at(-1) ?? '';
      for (;;) {
        const arrival = accepted.get(id);
        if (arrival) return arrival;
        await once(arrivals, 'accepted');
      }
    },
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
