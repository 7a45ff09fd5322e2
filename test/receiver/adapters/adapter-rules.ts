import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { createReceiver, memoryStore, type ReceivedWebhook, type Receiver, type Refusal } from '../../../src/receiver';
import { eventually } from '../../support/eventually';
import { TEST_SECRET } from '../../support/test-config';
import { signedWebhook } from '../signed-webhook';

/** A server with the receiver at `url`. */
export interface Served {
  readonly url: string;
  close(): Promise<unknown>;
}

/** Serves a listener of `node:http` on loopback. */
export async function serve(listener: RequestListener, path = '/'): Promise<Served> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

export interface TriedReceiver {
  readonly receiver: Receiver;
  readonly handled: ReceivedWebhook[];
  readonly refused: Refusal[];
}

export function triedReceiver(): TriedReceiver {
  const handled: ReceivedWebhook[] = [];
  const refused: Refusal[] = [];
  const receiver = createReceiver({
    name: 'orders',
    store: memoryStore(),
    secrets: [TEST_SECRET],
    maxBodyBytes: 200_000,
    handler: (webhook) => void handled.push(webhook),
    onRefused: (refusal) => refused.push(refusal),
  });
  return { receiver, handled, refused };
}

/** The rules of every adapter that is served by `node:http` in the end. */
export function itKeepsTheRules(start: (receiver: Receiver) => Promise<Served>): void {
  let served: Served;
  let tried: TriedReceiver;
  const post = async (request: RequestInit) => {
    const response = await fetch(served.url, request);
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  beforeEach(async () => {
    tried = triedReceiver();
    served = await start(tried.receiver);
  });
  afterEach(() => served.close());

  it('hands the bytes over as they came', async () => {
    const body = Buffer.concat([Buffer.from('{ "spaced" :\t"ü" }\n'), Buffer.from([0xff, 0x00])]);
    expect(await post(signedWebhook('a', body))).toMatchObject({ status: 200, text: 'handled\n' });
    expect(tried.handled.map(({ id, body }) => [id, Buffer.from(body)])).toEqual([['a', body]]);
    expect(tried.handled[0]?.headers.get('content-type')).toBe('application/json');
  });

  it('takes any content type, also none', async () => {
    for (const [id, type] of Object.entries({ a: 'text/plain', b: 'application/cloudevents+json', c: '' })) {
      const { headers, ...request } = signedWebhook(id);
      const { 'content-type': _, ...others } = headers;
      expect((await post({ ...request, headers: type ? { ...others, 'content-type': type } : others })).status).toBe(
        200,
      );
    }
    expect(tried.handled).toHaveLength(3);
  });

  it('says of a copy that it is a duplicate', async () => {
    await post(signedWebhook('a'));
    const { status, headers } = await post(signedWebhook('a'));
    expect([status, headers.get('x-webhook-duplicate')]).toEqual([200, 'true']);
    expect(tried.handled).toHaveLength(1);
  });

  it('refuses what is not signed with the code', async () => {
    const answer = await post({ ...signedWebhook('a'), body: '{"type":"job.failed"}' });
    expect(answer).toMatchObject({ status: 401, text: expect.stringMatching(/^wrong_key: /) });
    expect((await post({ method: 'POST' })).text).toMatch(/^missing_header: /);
    expect(tried.handled).toEqual([]);
  });

  it('refuses a body that is too large, whether its length is said or not, and lives on', async () => {
    const large = Buffer.alloc(1_500_000, 'x');
    expect((await post(signedWebhook('a', large))).status).toBe(413);
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(large);
        controller.close();
      },
    });
    const request = { ...signedWebhook('a', large), body: stream, duplex: 'half' } as RequestInit;
    expect(await post(request)).toMatchObject({
      status: 413,
      text: 'body_too_large: the body is larger than 200000 bytes\n',
    });
    expect((await post(signedWebhook('b'))).status).toBe(200);
  });

  it('reads a body that comes in pieces', async () => {
    const body = Buffer.alloc(150_000, 'x');
    const stream = ReadableStream.from([body.subarray(0, 1), body.subarray(1, 70_000), body.subarray(70_000)]);
    const request = { ...signedWebhook('a', body), body: stream, duplex: 'half' } as unknown as RequestInit;
    expect((await post(request)).status).toBe(200);
  });

  it('lets a sender go that leaves in the middle', async () => {
    const { port, pathname } = new URL(served.url);
    const socket = connect(Number(port), '127.0.0.1');
    const { headers } = signedWebhook('a');
    const lines = Object.entries({ host: 'a', ...headers, 'content-length': '1000' }).map((line) => line.join(': '));
    socket.write(`POST ${pathname} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n{"type":`, () => socket.destroy());
    await eventually('it is refused', () => tried.refused.length > 0);
    expect(tried.refused).toMatchObject([{ status: 400, code: 'body_unreadable' }]);
    expect((await post(signedWebhook('b'))).status).toBe(200);
    expect(tried.handled.map(({ id }) => id)).toEqual(['b']);
  });
}
