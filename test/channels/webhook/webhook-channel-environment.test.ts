import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SendResult } from '../../../src/channels/channel';
import type { WebhookEndpoint } from '../../../src/config/config';
import { anEndpoint } from './a-webhook';
import { createAuthority } from './certificates';
import { closeAll, keepingRequests, listen, type ReceivedRequest, startServer, trackSockets } from './harness';

const authority = createAuthority();
const files = authority.issue('receiver.test');

afterEach(closeAll);
afterAll(() => authority.remove());

/** Sends one event from a process that was started with this environment. */
async function sendWith(environment: Record<string, string>, endpoint: WebhookEndpoint): Promise<SendResult> {
  const script = join(__dirname, 'send-once.cjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(endpoint)], {
    env: { PATH: process.env['PATH'], ...environment },
  });
  return JSON.parse(stdout);
}

async function startHttpsServer() {
  const requests: ReceivedRequest[] = [];
  const pem = { cert: readFileSync(files.cert), key: readFileSync(files.key) };
  const handler = keepingRequests(requests, (response) => response.end());
  const port = await listen(trackSockets(createServer(pem, handler)).server, '127.0.0.1', 0);
  return { url: `https://receiver.test:${port}/`, requests };
}

test('no proxy that the environment names is asked', async () => {
  const proxy = await startServer((response) => response.writeHead(502).end());
  const server = await startServer((response) => response.end());
  const url = `http://127.0.0.1:${proxy.port}`;
  const { outcome } = await sendWith(
    { HTTP_PROXY: url, http_proxy: url, HTTPS_PROXY: url, https_proxy: url, ALL_PROXY: url, NODE_USE_ENV_PROXY: '1' },
    anEndpoint(server.url),
  );
  expect(outcome.kind).toBe('delivered');
  expect([server.requests.length, proxy.connections()]).toEqual([1, 0]);
});

test('NODE_TLS_REJECT_UNAUTHORIZED=0 does not switch verification off', async () => {
  const server = await startHttpsServer();
  const { outcome, attempt } = await sendWith({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, anEndpoint(server.url));
  expect(outcome).toEqual({ kind: 'retry', slow: false });
  expect(attempt.error).toMatch(/^certificate refused: .*\(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)$/);
  expect(server.requests).toEqual([]);
});

test('NODE_EXTRA_CA_CERTS adds an authority', async () => {
  const server = await startHttpsServer();
  const { outcome } = await sendWith({ NODE_EXTRA_CA_CERTS: authority.caFile }, anEndpoint(server.url));
  expect(outcome.kind).toBe('delivered');
});
