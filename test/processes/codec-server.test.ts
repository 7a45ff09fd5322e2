import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { CodecServerConfig } from '../../src/config/config';
import { type CodecServer, startCodecServer } from '../../src/processes/codec-server';
import { readPayloads, writePayloads } from '../../src/processes/json-payloads';
import { createPayloadCodec } from '../../src/temporal/payload-codec';
import { realTemporalConfig } from '../support/real-temporal';

const UI = 'https://temporal.example';
const codec = { keys: [{ id: 'one', key: randomBytes(32).toString('base64') }], encrypt: true };
const SECRET = { metadata: { encoding: btoa('json/plain') }, data: btoa('"a secret"') };

let stop: AbortController;
let server: CodecServer;

const start = async (more: Partial<CodecServerConfig> = {}) => {
  stop = new AbortController();
  server = await startCodecServer(
    {
      codecServer: { host: '127.0.0.1', port: 0, token: '', origins: [UI], ...more },
      temporal: { ...realTemporalConfig(), codec },
    },
    { logger: pino({ enabled: false }), signal: stop.signal, version: 'test' },
  );
};
afterEach(async () => {
  stop.abort();
  await server.done;
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(server.origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-namespace': 'default', ...headers },
    body: JSON.stringify(body),
  });
const encrypted = async () =>
  writePayloads(await createPayloadCodec(codec).encode(readPayloads({ payloads: [SECRET] })));

describe('the codec server', () => {
  it("decrypts and encrypts by Temporal's remote codec protocol, and hands back what is plain", async () => {
    await start();
    const decoded = await post('/decode', await encrypted(), { origin: UI });
    expect(decoded.headers.get('access-control-allow-origin')).toBe(UI);
    expect(await decoded.json()).toEqual({ payloads: [SECRET] });
    expect(await (await post('/decode', { payloads: [SECRET] })).json()).toEqual({ payloads: [SECRET] });

    const encoded = await (await post('/encode', { payloads: [SECRET] })).json();
    expect(JSON.stringify(encoded)).not.toContain(SECRET.data);
    expect(await (await post('/decode', encoded)).json()).toEqual({ payloads: [SECRET] });
  });

  it('lets a page of the Web UI ask, and none of anybody else', async () => {
    await start();
    const preflight = (origin: string) =>
      fetch(`${server.origin}/decode`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,x-namespace,authorization',
        },
      });
    const allowed = await preflight(UI);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-headers')).toContain('x-namespace');

    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    const refused = await post('/decode', await encrypted(), { origin: 'https://evil.example' });
    expect(refused.status).toBe(403);
    expect(await refused.text()).not.toContain(SECRET.data);
  });

  it('wants its token, where it has one, of every call but a preflight and a probe', async () => {
    await start({ token: 'a-token-of-ours' });
    const body = await encrypted();
    expect((await post('/decode', body)).status).toBe(401);
    expect((await post('/encode', body, { authorization: 'Bearer another-token' })).status).toBe(401);
    expect((await post('/decode', body, { authorization: 'Bearer a-token-of-ours' })).status).toBe(200);
    expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);
  });

  it.each([{}, { payloads: 1 }, { payloads: [{ data: 1 }] }, { payloads: [{ metadata: { encoding: 1 } }] }])(
    'refuses %j',
    async (body) => {
      await start();
      expect((await post('/decode', body)).status).toBe(400);
    },
  );
});
