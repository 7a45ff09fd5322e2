import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** Lower-case names; of a repeated one the last. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** What came of a request: its answer, or the connection ended without one, or neither within the time. */
export type Outcome = RawAnswer | 'closed' | 'silence';

/**
 * Sends bytes as they are, in pieces, over a connection of their own, and reads the first answer.
 * @param leave ends the connection as soon as all is sent, as a client that gives up
 */
export function sendRaw(
  origin: string,
  pieces: readonly Buffer[],
  { isHead = false, leave = false, withinMs }: { isHead?: boolean; leave?: boolean; withinMs: number },
): Promise<Outcome> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const received: Buffer[] = [];
    const end = (outcome: Outcome) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => end('silence'), withinMs);
    socket
      .on('data', (chunk) => {
        received.push(chunk);
        const answer = readAnswer(Buffer.concat(received), isHead, false);
        if (answer) end(answer);
      })
      .on('close', () => end(readAnswer(Buffer.concat(received), isHead, true) ?? 'closed'))
      // What the server has said before it cut the connection still counts: `close` follows.
      .on('error', () => {})
      .on('connect', async () => {
        for (const piece of pieces) {
          if (socket.destroyed) return;
          socket.write(piece);
          // The next piece is a packet of its own.
          await new Promise(setImmediate);
        }
        if (leave) socket.end(() => end('closed'));
      });
  });
}

/** The first answer that is final, once it is there in full. */
function readAnswer(bytes: Buffer, isHead: boolean, isAll: boolean): RawAnswer | undefined {
  const text = bytes.toString('latin1');
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const [statusLine = '', ...lines] = text.slice(0, headEnd).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1]);
  const rest = bytes.subarray(headEnd + 4);
  if (status < 200) return readAnswer(rest, isHead, isAll);
  const headers = new Map(
    lines.map((line) => [line.split(':', 1)[0]?.toLowerCase() ?? '', line.replace(/^.*?: */, '')]),
  );
  const hasBody = !isHead && status !== 204 && status !== 304;
  const length = hasBody ? Number(headers.get('content-length') ?? Number.NaN) : 0;
  if (rest.length < length || (Number.isNaN(length) && !isAll)) return undefined;
  return { status, headers, body: rest.subarray(0, Number.isNaN(length) ? undefined : length).toString() };
}
