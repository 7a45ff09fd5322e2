import { createServer } from 'node:net';

/** A TCP port of 127.0.0.1 that nothing listens on. */
export async function freePort(): Promise<number> {
  return withProbe(0, async (port) => port);
}

/** A free port whose neighbour `offset` above is free too (the dev server's Web UI is 1000 above). */
export async function freePortWithNeighbour(offset: number): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const found = await withProbe(0, (port) => withProbe(port + offset, async () => port)).catch(() => undefined);
    if (found !== undefined) return found;
  }
  throw new Error(`no two free ports ${offset} apart`);
}

function withProbe<T>(port: number, use: (port: number) => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = probe.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      use(bound).then(
        (value) => probe.close(() => resolve(value)),
        (error) => probe.close(() => reject(error)),
      );
    });
  });
}
