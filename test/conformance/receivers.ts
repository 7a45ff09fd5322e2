import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseSecretKey } from '../../src/domain/secret-key';
import { createReceiver, memoryStore, toNodeHandler } from '../../src/receiver';
import { TEST_SECRET } from '../support/test-config';

export interface RunningReceiver {
  readonly url: string;
  /** Answers GET with how many effects there were. */
  readonly effectsUrl: string;
}

const servers: Server[] = [];

/** Ends every receiver that a test started. */
export async function closeReceivers(): Promise<void> {
  await Promise.all(
    servers.splice(0).map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    ),
  );
}

type Listener = ReturnType<typeof toNodeHandler>;

async function listen(listener: Listener, count: () => number): Promise<RunningReceiver> {
  const server = createServer((request, response) => {
    if (request.method === 'GET') response.end(JSON.stringify({ count: count() }));
    else void listener(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `${origin}/hook`, effectsUrl: `${origin}/effects` };
}

/** jobherald's own receiver. `work` is what its handler waits for before the effect. */
export function startGoodReceiver({
  secrets = [TEST_SECRET],
  work = async () => {},
}: {
  readonly secrets?: readonly string[];
  readonly work?: () => Promise<void>;
} = {}): Promise<RunningReceiver> {
  let effects = 0;
  const receiver = createReceiver({
    name: 'orders',
    store: memoryStore(),
    secrets,
    async handler() {
      await work();
      effects += 1;
    },
  });
  return listen(toNodeHandler(receiver), () => effects);
}

export interface Request {
  readonly headers: IncomingHttpHeaders;
  readonly id: string;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
}

/** The parts of a receiver as somebody could have written it by hand. Every one is right unless a test replaces it. */
export interface Parts {
  /** The text over which the signature is computed, behind id and timestamp. */
  readonly signedBody: (body: string) => string;
  readonly isSigned: (header: string, expected: string) => boolean;
  readonly isRecent: (timestamp: string) => boolean;
  readonly refusal: Answer | 'none at all';
  /** What comes before everything else; undefined goes on. */
  readonly first: (request: Request) => Answer | undefined;
  readonly identity: (request: Request) => string;
  readonly duplicate: Answer | 'handled again';
  /** What happens between looking whether it is known and handling it. */
  readonly pause: () => Promise<void>;
  /** Whether the id is claimed before it is handled. */
  readonly claims: boolean;
  /** When the effect happens. */
  readonly effect: (happen: () => void) => void;
}

const RIGHT: Parts = {
  signedBody: (body) => body,
  isSigned: (header, expected) => header.split(' ').includes(expected),
  isRecent: (timestamp) => /^[0-9]+$/.test(timestamp) && Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300,
  refusal: { status: 401 },
  first: () => undefined,
  identity: ({ id }) => id,
  duplicate: { status: 200 },
  pause: async () => {},
  claims: true,
  effect: (happen) => happen(),
};

/** A receiver without jobherald's code, written by hand a second time. */
export function startHandmadeReceiver(parts: Partial<Parts> = {}): Promise<RunningReceiver> {
  const receiver = { ...RIGHT, ...parts };
  const known = new Set<string>();
  let effects = 0;

  const answerTo = async (request: Request): Promise<Answer | undefined> => {
    const early = receiver.first(request);
    if (early) return early;
    if (!isBelieved(request, receiver)) return receiver.refusal === 'none at all' ? undefined : receiver.refusal;
    const identity = receiver.identity(request);
    if (receiver.duplicate !== 'handled again' && known.has(identity)) return receiver.duplicate;
    if (receiver.claims) known.add(identity);
    await receiver.pause();
    known.add(identity);
    receiver.effect(() => {
      effects += 1;
    });
    return { status: 200 };
  };

  return listen(
    async (request, response) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const headers = request.headers as IncomingHttpHeaders;
      const id = String(headers['webhook-id']);
      const answer = await answerTo({ headers, id, body: Buffer.concat(chunks).toString() });
      if (!answer) return;
      response.statusCode = answer.status;
      for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
      response.end('');
    },
    () => effects,
  );
}

function isBelieved({ headers, id, body }: Request, { signedBody, isSigned, isRecent }: Parts): boolean {
  const timestamp = String(headers['webhook-timestamp']);
  const key = parseSecretKey(TEST_SECRET);
  if (key.kind !== 'whsec') throw new Error('a symmetric key is needed');
  const expected = createHmac('sha256', key.bytes)
    .update(`${id}.${timestamp}.${signedBody(body)}`)
    .digest('base64');
  return isRecent(timestamp) && isSigned(String(headers['webhook-signature'] ?? ''), `v1,${expected}`);
}

/** Long enough for a copy that was sent at the same time to connect. */
export const aWhile = () => sleep(100);
