import type { IncomingMessage, RequestListener } from 'node:http';
import express from 'express';
import fc from 'fast-check';
import fastify from 'fastify';
import {
  toExpressHandler,
  toFastifyPlugin,
  toNodeHandler,
  toWebHandler,
  verifyWebhook,
  type WebhookHeaders,
  type WebhookVerificationCode,
  WebhookVerificationError,
} from '../../src/receiver';
import { type Served, serve, triedReceiver } from '../receiver/adapters/adapter-rules';
import { signedWebhook } from '../receiver/signed-webhook';
import { TEST_SECRET } from '../support/test-config';
import { HANGS_AFTER_MS, holds } from './holds';
import { hostileJson, hostileText } from './hostile';
import { mutated } from './mutated';
import { sendRaw } from './raw-http';
import { bodiesAround, headers, methodsBeside, wildRequest } from './requests';

const CODES: Readonly<Record<WebhookVerificationCode, true>> = {
  missing_header: true,
  malformed_header: true,
  stale: true,
  future: true,
  wrong_key: true,
  body_reserialized: true,
  unsupported_scheme: true,
};

const BODY = '{"type":"job.succeeded","data":{"job":"7"}}';
const WHPK = 'whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';

/** The three headers as they should be, with anything wrong: names, values, lists, texts that are nearly right. */
const wrongHeaders = fc
  .constantFrom('a', 'b')
  .chain((id) => mutated(signedWebhook(id, BODY).headers))
  .filter((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** Text and lists of it: what Node, Fetch and frameworks have. */
const asHeaders = fc
  .oneof(wrongHeaders, fc.dictionary(hostileText, hostileText))
  .map(
    (value): WebhookHeaders =>
      Object.fromEntries(
        Object.entries(value as object).map(([name, member]) => [
          name,
          Array.isArray(member) ? member.map(asText) : typeof member === 'string' ? member : undefined,
        ]),
      ),
  );

const asBody = fc.oneof(
  fc.constantFrom<unknown>(BODY, ` ${BODY}`, JSON.parse(BODY), undefined, null, 7, new ArrayBuffer(3)),
  hostileJson,
  hostileText,
  fc.uint8Array({ maxLength: 100 }),
);

describe('verifyWebhook', () => {
  holds('believes it, or throws one of its codes', fc.tuple(asHeaders, asBody), ([given, body]) => {
    try {
      const verified = verifyWebhook({ headers: given, body: body as string, secrets: [TEST_SECRET, WHPK] });
      expect(verified.id).toMatch(/^[ab]$/);
      expect(body).toBe(BODY);
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
      expect(CODES).toHaveProperty(error.code);
      expect(error.message).not.toBe('');
    }
  });
});

describe('a receiver behind an adapter', () => {
  const tried = triedReceiver();
  const served: Served[] = [];
  beforeAll(async () => {
    served.push(await serve(toNodeHandler(tried.receiver)));
    for (const before of [[], [express.raw({ type: '*/*' })], [express.json()], [express.text({ type: '*/*' })]]) {
      // express.json() answers what is no JSON by itself, before any handler: what that answers is its own affair.
      served.push(
        await serve(
          express()
            .use(...([quiet, ...before] as express.Handler[]))
            .post('/', toExpressHandler(tried.receiver)),
        ),
      );
    }
    const app = fastify({ forceCloseConnections: true });
    await app.register(toFastifyPlugin(tried.receiver));
    served.push({ url: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() });
    served.push(await serve(throughFetch(toWebHandler(tried.receiver))));
  });
  afterAll(() => Promise.all(served.map(({ close }) => close())));

  const wild = fc
    .record({
      method: methodsBeside('POST'),
      path: fc.constant('/'),
      headers,
      body: bodiesAround(hostileJson),
      cuts: fc.array(fc.nat(), { maxLength: 3 }),
      signs: fc.constantFrom('nothing', 'this body', 'another body'),
    })
    .map(({ body, cuts, signs, ...parts }) => {
      const signed = Object.entries(signedWebhook('wh_1', signs === 'this body' ? body.bytes : 'another').headers);
      const more = signs === 'nothing' ? parts.headers : [...signed, ...parts.headers];
      return { ...wildRequest({ ...parts, headers: more, ...body }, cuts), signs };
    });

  holds(
    'answers nobody with 5xx, and handles only what is signed',
    fc.tuple(fc.nat(), wild),
    async ([pick, request]) => {
      tried.handled.length = 0;
      const { url } = served[pick % served.length] as Served;
      // Half a request would wait for the server's own time-out; that is not the receiver's.
      const outcome = await sendRaw(url, request.pieces, {
        isHead: request.method === 'HEAD',
        leave: true,
        withinMs: HANGS_AFTER_MS,
      });
      expect(outcome).not.toBe('silence');
      if (typeof outcome === 'object') expect(outcome.status).toBeLessThan(500);
      if (request.signs !== 'this body') expect(tried.handled).toEqual([]);
      const { headers: signed, ...rest } = signedWebhook('alive');
      // As JSON it would be a body that express.json() has taken.
      const good = await fetch(url, { ...rest, headers: { ...signed, 'content-type': 'text/x' } });
      expect(good.status).toBe(200);
    },
  );
});

const quiet: express.Handler = (_request, response, next) => {
  response.app.set('env', 'test'); // its error handler writes to stderr otherwise
  next();
};

/** Serves a handler of Fetch's Request with node:http, as frameworks do it. */
function throughFetch(handle: (request: Request) => Promise<Response>): RequestListener {
  return async (request, response) => {
    // Fetch has no words for these: a framework answers them itself.
    if (/^(TRACE|CONNECT)$/.test(request.method ?? '')) return void response.writeHead(405).end();
    const answer = await handle(toFetch(request));
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  };
}

function toFetch(request: IncomingMessage): Request {
  const lines = Object.entries(request.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const { method = 'POST' } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const init = {
    method,
    headers: lines,
    ...(hasBody && { body: request as unknown as ReadableStream, duplex: 'half' }),
  };
  return new Request('http://127.0.0.1/', init as RequestInit);
}
