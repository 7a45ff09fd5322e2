import { connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';

export interface TcpForwarder {
  /** Cuts every connection; new ones are taken. */
  cut(): void;
  /** Cuts the connection on which the server answers next, before the client has seen any of the answer. */
  loseNextAnswer(): void;
  stop(): Promise<void>;
}

/**
 * Makes a server reachable at another port of 127.0.0.1, for as long as a test wants it to be reachable.
 * @param damage changes in place what the server answers
 */
export async function startTcpForwarder(
  port: number,
  address: string,
  damage: (answer: Buffer) => void = () => {},
): Promise<TcpForwarder> {
  const to = new URL(`tcp://${address}`);
  const open = new Set<Socket>();
  let loseNext = false;
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
    const answers = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        damage(chunk);
        done(null, chunk);
      },
    });
    outgoing.on('data', () => {
      if (!loseNext) return;
      loseNext = false;
      outgoing.unpipe(answers);
      incoming.destroy();
      outgoing.destroy();
    });
    incoming.pipe(outgoing).pipe(answers).pipe(incoming);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    cut,
    loseNextAnswer() {
      loseNext = true;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
