import { connect, createServer, type Socket } from 'node:net';

/** Makes a server reachable at another port of 127.0.0.1, for as long as a test wants it to be reachable. */
export async function startTcpForwarder(port: number, address: string): Promise<{ stop(): Promise<void> }> {
  const to = new URL(`tcp://${address}`);
  const open = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect(Number(to.port), to.hostname);
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      open.add(socket);
      socket
        .on('close', () => {
          open.delete(socket);
          other.destroy();
        })
        .on('error', () => undefined);
    }
    incoming.pipe(outgoing).pipe(incoming);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of open) socket.destroy();
    });
  return { stop };
}
