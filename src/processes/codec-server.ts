import { createHash, timingSafeEqual } from 'node:crypto';
import type { PayloadCodec } from '@temporalio/common';
import { fastify } from 'fastify';
import type { CodecServerConfig, TemporalConfig } from '../config/config';
import { drainOnClose } from '../gateway/drain-on-close';
import { createPayloadCodec } from '../temporal/payload-codec';
import { bearerCredentials } from '../validation/bearer-credentials';
import { isPayloads, type JsonPayloads, readPayloads, writePayloads } from './json-payloads';
import { listening, type ProcessOptions } from './running-process';

/** The Web UI sends all payloads of a page at once. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;
const CLOSE_WITHIN_MS = 2_000;
/** What the Web UI sends along. */
const HEADERS = 'authorization, content-type, x-namespace';

export interface CodecServer {
  /** Where it listens: `http://127.0.0.1:8082`. */
  readonly origin: string;
  /** Resolves when it has stopped after its signal. */
  readonly done: Promise<void>;
}

/**
 * `jobherald codec-server`: decrypts for people what the Web UI and Temporal's own command line show them, by Temporal's
 * remote codec protocol. Only pages of the given origins may ask, and with a token only whoever has it.
 * Source: https://docs.temporal.io/codec-server
 * @throws {ListenError}
 */
export async function startCodecServer(
  { codecServer, temporal }: { readonly codecServer: CodecServerConfig; readonly temporal: TemporalConfig },
  { logger, signal, version }: ProcessOptions,
): Promise<CodecServer> {
  const { host, port, origins, token } = codecServer;
  const codec = createPayloadCodec(temporal.codec ?? { keys: [], encrypt: false });
  const app = fastify({ logger: false, bodyLimit: MAX_BODY_BYTES });
  drainOnClose(app, CLOSE_WITHIN_MS);
  const isAllowed = (header: string | undefined) => token === '' || isToken(bearerCredentials(header), token);

  app.addHook('onRequest', async ({ headers: { origin, authorization }, method, url }, reply) => {
    reply.header('vary', 'Origin');
    if (origin !== undefined && !origins.includes(origin))
      return reply.code(403).send({ message: `${origin} is none of codec_server.origins` });
    if (origin !== undefined)
      reply.headers({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' });
    if (method === 'OPTIONS') {
      reply.headers({ 'access-control-allow-methods': 'POST', 'access-control-allow-headers': HEADERS });
      return reply.code(204).send();
    }
    if (url !== '/healthz' && !isAllowed(authorization)) {
      reply.header('www-authenticate', 'Bearer realm="jobherald codec"');
      return reply.code(401).send({ message: 'Send codec_server.token as "Authorization: Bearer …".' });
    }
    return undefined;
  });
  app.get('/healthz', async () => ({ status: 'ok', version }));
  for (const verb of ['encode', 'decode'] satisfies (keyof PayloadCodec)[]) {
    app.post(`/${verb}`, async ({ body }, reply): Promise<JsonPayloads> => {
      if (!isPayloads(body)) return reply.code(400).send({ message: 'Send {"payloads": [{"metadata", "data"}]}.' });
      return writePayloads(await codec[verb](readPayloads(body)));
    });
  }

  const origin = await listening(() => app.listen({ host, port }), '/codec_server', `${host}:${port}`);
  logger.info({ origin, origins, version }, 'codec server listens');
  const done = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  }).then(async () => {
    await app.close();
    logger.info('codec server stopped');
  });
  return { origin, done };
}

/** Digests have one length, so the time taken reveals nothing about the token. */
function isToken(given: string | undefined, token: string): boolean {
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
