import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { findTemporalCli } from '../../../src/dev/temporal-server/find-temporal-cli';
import { type DevServer, startDevServer } from '../../../src/dev/temporal-server/start-dev-server';
import { dialClient } from '../../../src/temporal/dial-client';
import { missingSetup } from '../../../src/temporal/setup';
import { freePortWithNeighbour } from '../../support/free-port';
import { rememberingLog, stderrLog } from '../../support/logs';
import { temporaryDirectory } from '../../support/temporary-directory';

const UI_OFFSET = 1_000;

let cli: string;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let server: DevServer | undefined;

beforeAll(async () => {
  cli = await findTemporalCli({ env: process.env, log: stderrLog });
  directory = await temporaryDirectory();
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
});
afterAll(() => directory.remove());

async function freeAddress(): Promise<string> {
  return `127.0.0.1:${await freePortWithNeighbour(UI_OFFSET)}`;
}

function options(address: string) {
  return { cli, address, namespace: 'default', log: rememberingLog() };
}

test('serves Temporal with our search attributes and its Web UI 1000 above, once it is started', async () => {
  const address = await freeAddress();

  server = await startDevServer(options(address));

  expect(server.address).toBe(address);
  expect(server.uiUrl).toBe(`http://127.0.0.1:${Number(address.split(':')[1]) + UI_OFFSET}`);
  expect((await fetch(server.uiUrl)).status).toBe(200);
  const connection = await dialClient({ address });
  expect(await missingSetup(connection, { namespace: 'default' })).toEqual([]);
  await connection.close();
});

test('keeps every run in its file over a kill -9', async () => {
  const dbFile = join(directory.path, 'made', 'on demand', 'temporal.db');
  const address = await freeAddress();
  let exited: (reason: string) => void;
  const exit = new Promise<string>((resolve) => {
    exited = resolve;
  });
  const first = await startDevServer({ ...options(address), dbFile, onExit: (reason) => exited(reason) });
  const connection = await dialClient({ address });
  await new Client({ connection }).workflow.start('job', { workflowId: 'vertex-ai/kept', taskQueue: 'q' });
  process.kill(first.pid, 'SIGKILL');
  await exit;

  server = await startDevServer({ ...options(address), dbFile });

  const described = await new Client({ connection }).workflow.getHandle('vertex-ai/kept').describe();
  expect(described.status.name).toBe('RUNNING');
  await connection.close();
});

test('reports a server that ends by itself, with its cause', async () => {
  let exited: (reason: string) => void;
  const exit = new Promise<string>((resolve) => {
    exited = resolve;
  });
  server = await startDevServer({ ...options(await freeAddress()), onExit: (reason) => exited(reason) });

  process.kill(server.pid, 'SIGKILL');

  expect(await exit).toMatch(/^the Temporal dev server is gone: it ended with SIGKILL/);
});

test('reports nothing when it was stopped, however often', async () => {
  const reasons: string[] = [];
  const stopped = await startDevServer({ ...options(await freeAddress()), onExit: (reason) => reasons.push(reason) });

  await Promise.all([stopped.stop(), stopped.stop()]);
  await stopped.stop();

  expect(reasons).toEqual([]);
  expect(() => process.kill(stopped.pid, 0)).toThrow('ESRCH');
});

test('says that a Temporal server has the port already, and what to do', async () => {
  const address = await freeAddress();
  server = await startDevServer(options(address));

  const failure = await startDevServer(options(address)).catch((error) => error);

  expect(failure).toMatchObject({ name: 'DevServerError', code: 'port_taken' });
  expect(failure.message).toContain(`${address} is needed for the Temporal dev server, but a Temporal server (1.`);
  expect(failure.message).toContain('stop it if it is a leftover');
});

test('says that another program has the port of the Web UI', async () => {
  const address = await freeAddress();
  const uiPort = Number(address.split(':')[1]) + UI_OFFSET;
  const other = await listen(uiPort);

  const failure = await startDevServer(options(address)).catch((error) => error);

  expect(failure).toMatchObject({ name: 'DevServerError', code: 'port_taken' });
  expect(failure.message).toContain(`127.0.0.1:${uiPort} is needed for the Temporal Web UI, but another program`);
  other.close();
});

test.each(['127.0.0.2:7233', '[::1]:7233', '192.0.2.1:7233', '127.0.0.1', '127.0.0.1:0', '127.0.0.1:70000'])(
  'refuses to listen on %s, where it would not work',
  async (address) => {
    await expect(startDevServer(options(address))).rejects.toMatchObject({ code: 'bad_address' });
  },
);

test('refuses a port that leaves none for the Web UI', async () => {
  await expect(startDevServer(options('127.0.0.1:64536'))).rejects.toMatchObject({
    code: 'bad_address',
    message: 'the Web UI has no port 65536; use a port up to 64535',
  });
});

test('passes on the last words of a program that does not start', async () => {
  const address = await freeAddress();

  const failure = await startDevServer({ ...options(address), cli: '/bin/ls' }).catch((error) => error);

  expect(failure).toMatchObject({ code: 'not_started' });
  expect(failure.message).toMatch(/^the Temporal dev server did not start: it ended with exit code 2\n.*ls:/s);
});

test('says that the program does not exist', async () => {
  const address = await freeAddress();

  await expect(startDevServer({ ...options(address), cli: '/no/such/temporal' })).rejects.toMatchObject({
    code: 'not_started',
    message: expect.stringContaining('ENOENT'),
  });
});

function listen(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const other = createServer((_, response) => response.end('not Temporal'));
    other.listen(port, '127.0.0.1', () => resolve(other));
  });
}
