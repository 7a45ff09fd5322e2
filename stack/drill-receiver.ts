import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createReceiver, memoryStore } from '../src/receiver';

export interface DrillReceiver {
  readonly url: string;
  /** Deliveries of a job that arrived, with whatever id. */
  attempts(job: string): number;
  /** Different ids that a job's deliveries had. */
  ids(job: string): number;
  total(): number;
  /** What deliveries did, behind the deduplication of `jobherald/receiver`. */
  effects(): number;
  close(): Promise<void>;
}

/** A receiver as users write it, that also writes down every delivery before anything else is done about it. */
export async function startDrillReceiver(secret: string): Promise<DrillReceiver> {
  const arrived: { readonly job: string; readonly id: string }[] = [];
  let effects = 0;
  const receiver = createReceiver({
    name: 'drill',
    store: memoryStore(),
    secrets: [secret],
    handler: () => void effects++,
  });
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { data } = JSON.parse(body.toString()) as { readonly data: { readonly job: string } };
    arrived.push({ job: data.job, id: String(request.headers['webhook-id']) });
    const { status } = await receiver.handle({ method: 'POST', headers: request.headers, body });
    response.writeHead(status).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const of = (job: string) => arrived.filter((each) => each.job === job);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    attempts: (job) => of(job).length,
    ids: (job) => new Set(of(job).map(({ id }) => id)).size,
    total: () => arrived.length,
    effects: () => effects,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
