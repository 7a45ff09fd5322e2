import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { type Connections, MAX_HEADER_BYTES, openConnections } from '../../src/http/connections';
import { fetchAnswer, MAX_ANSWER_BYTES, UnreadableAnswerError } from '../../src/http/read-answer';

const DOCUMENT = '{"status":"completed"}';
const NEVER = new AbortController().signal;

let connections: Connections | undefined;
let server: Server | undefined;

afterEach(async () => {
  connections?.destroy();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
});

/** Does so with every connection. */
async function connectedTo(serve: (socket: Socket) => void): Promise<Connections> {
  connections = openConnections({ origin: `http://127.0.0.1:${await listening(serve)}` });
  return connections;
}

async function listening(serve: (socket: Socket) => void): Promise<number> {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => void server?.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const GET = { method: 'GET', path: '/', headers: {} } as const;

/** The answer of a server that sends these bytes to every request. */
async function fetchHere(...bytes: (string | Buffer)[]) {
  const answer = Buffer.concat(bytes.map((each) => Buffer.from(each)));
  return fetchAnswer(await connectedTo((socket) => socket.on('data', () => socket.write(answer))), GET, NEVER);
}

const head = (body: Buffer | string, ...lines: string[]) =>
  ['HTTP/1.1 200 OK', `content-length: ${Buffer.byteLength(body)}`, ...lines, '', ''].join('\r\n');

test.each([
  ['gzip', gzipSync(DOCUMENT)],
  ['x-gzip', gzipSync(DOCUMENT)],
  ['deflate', deflateSync(DOCUMENT)],
  ['Deflate', deflateRawSync(DOCUMENT)],
  ['br', brotliCompressSync(DOCUMENT)],
  ['gzip, br', brotliCompressSync(gzipSync(DOCUMENT))],
  ['identity', Buffer.from(DOCUMENT)],
])('an answer in the coding %s that nobody asked for is decoded', async (coding, body) => {
  expect((await fetchHere(head(body, `content-encoding: ${coding}`), body)).body).toBe(DOCUMENT);
});

const BOMB = gzipSync(Buffer.alloc(MAX_ANSWER_BYTES + 1));
test.each<[string, RegExp, (string | Buffer)[]]>([
  [
    'in a coding that is not known',
    /unknown content-encoding, zip/,
    [head(DOCUMENT, 'content-encoding: zip'), DOCUMENT],
  ],
  ['that is not what its coding says', /says that it is gzip/, [head(DOCUMENT, 'content-encoding: gzip'), DOCUMENT]],
  ['that becomes too long when it is decoded', /longer than 32 MiB/, [head(BOMB, 'content-encoding: gzip'), BOMB]],
  ['that is too long', /longer than 32 MiB/, [`HTTP/1.1 200 OK\r\n\r\n`, Buffer.alloc(MAX_ANSWER_BYTES + 1, ' ')]],
  ['with headers that are too long', /headers/, [head('', `x-long: ${'x'.repeat(MAX_HEADER_BYTES)}`)]],
  [
    'in another protocol that nobody asked for',
    /HTTP 101/,
    ['HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'],
  ],
  ['that is not HTTP', /no HTTP/, ['SSH-2.0-OpenSSH_9.6\r\n']],
])('an answer %s is unreadable', async (_, message, bytes) => {
  const refused = await fetchHere(...bytes).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(UnreadableAnswerError);
  expect((refused as Error).message).toMatch(message);
});

test('an answer may have 32 MiB, and headers of 100 KB', async () => {
  const body = Buffer.alloc(MAX_ANSWER_BYTES, ' ');
  const answer = await fetchHere(head(body, `x-long: ${'x'.repeat(100_000)}`), body);
  expect([answer.status, answer.body.length]).toEqual([200, MAX_ANSWER_BYTES]);
});

test('an answer is found behind interim answers', async () => {
  const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';
  expect((await fetchHere(interim.repeat(3), head(DOCUMENT), DOCUMENT)).body).toBe(DOCUMENT);
});

test('an answer that is cut off is a fault of the network', async () => {
  const here = await connectedTo((socket) => socket.once('data', () => socket.end(`${head('123456789')}{`)));
  const cut = fetchAnswer(here, GET, NEVER);
  await expect(cut).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('a call that waits for a connection is over when its signal says so', async () => {
  const port = await listening((socket) => socket.resume());
  connections = openConnections({ origin: `http://127.0.0.1:${port}`, max: 1 });
  const first = new AbortController();
  const hanging = fetchAnswer(connections, GET, first.signal);
  await expect(fetchAnswer(connections, GET, AbortSignal.timeout(50))).rejects.toThrow('timeout');
  first.abort(new Error('enough'));
  await expect(hanging).rejects.toThrow('enough');
});
