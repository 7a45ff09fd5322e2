import { createServer } from 'node:net';
import type { TemporalConfig } from '../../src/config/config';
import { connectWorker } from '../../src/temporal/connect-worker';
import { connectClient, untilConnected } from '../../src/temporal/connection';
import { dialClient } from '../../src/temporal/dial-client';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { rememberingLog } from '../support/logs';
import { realTemporalConfig } from '../support/real-temporal';
import { startTcpForwarder } from '../support/tcp-forwarder';

const never = new AbortController().signal;

/** What is said though it was the last that was said. A machine that stands still may see another cause, and says that, too. */
const repeated = (lines: readonly string[]) => lines.filter((line, index) => line === lines[index - 1]);

describe.each([
  ['a client', connectClient],
  ['a worker', connectWorker],
] as const)('%s', (_, connect) => {
  test('connects without a word where Temporal is there', async () => {
    const log = rememberingLog();

    const connection = await connect(realTemporalConfig(), { log, signal: never });

    expect(log.lines).toEqual([]);
    await connection.close();
  });

  test('waits for a Temporal that is not there yet, says so once, and connects when it comes', async () => {
    const config = realTemporalConfig();
    const port = await freePort();
    const log = rememberingLog();
    const connecting = connect({ ...config, address: `127.0.0.1:${port}` }, { log, signal: never });
    await eventually('the wait is logged', () => log.lines.length > 0);

    const forwarder = await startTcpForwarder(port, config.address);
    const connection = await connecting;

    const [first] = log.lines;
    expect(first).toMatch(new RegExp(`^warn waiting for Temporal at 127.0.0.1:${port}: .*refused`, 'i'));
    expect(log.lines.at(-1)).toBe(`info connected to Temporal at 127.0.0.1:${port}`);
    expect(repeated(log.lines)).toEqual([]);
    await connection.close();
    await forwarder.stop();
  });

  test('stops waiting when it is aborted, with the reason given', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const stop = new AbortController();
    const log = rememberingLog();
    const connecting = connect({ ...realTemporalConfig(), address }, { log, signal: stop.signal });
    connecting.catch(() => undefined);
    await eventually('the wait is logged', () => log.lines.length > 0);

    stop.abort(new Error('the process is stopping'));

    await expect(connecting).rejects.toThrow('the process is stopping');
  });

  test('does not even try when it is aborted already', async () => {
    const signal = AbortSignal.abort(new Error('the process is stopping'));

    await expect(connect(realTemporalConfig(), { log: rememberingLog(), signal })).rejects.toThrow(
      'the process is stopping',
    );
  });

  test('names the TLS file that cannot be read, instead of waiting', async () => {
    const config: TemporalConfig = { ...realTemporalConfig(), tls: { ca: '/no/such/ca.pem' } };

    await expect(connect(config, { log: rememberingLog(), signal: never })).rejects.toThrow(
      /^\/temporal\/tls\/ca: .*\/no\/such\/ca\.pem/,
    );
  });

  test('refuses half a client certificate', async () => {
    const config: TemporalConfig = { ...realTemporalConfig(), tls: { cert: __filename } };

    await expect(connect(config, { log: rememberingLog(), signal: never })).rejects.toThrow('needs both cert and key');
  });

  test('never sends an API key over plaintext', async () => {
    const config: TemporalConfig = { ...realTemporalConfig(), apiKey: 'secret', tls: false };
    const stop = new AbortController();
    const log = rememberingLog();
    const connecting = connect(config, { log, signal: stop.signal });
    connecting.catch(() => undefined);

    // The dev server speaks no TLS, so the connection cannot come about.
    await eventually('the wait is logged', () => log.lines.length > 0);

    stop.abort(new Error('enough'));
    await expect(connecting).rejects.toThrow('enough');
  });
});

const signal = new AbortController().signal;

/** Tries a port where the test decides what listens, and counts the attempts. */
async function waitAtFreePort() {
  const config = realTemporalConfig();
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const log = rememberingLog();
  const tries = { count: 0 };
  const connect = () => {
    tries.count++;
    return dialClient({ address });
  };
  const connected = untilConnected(connect, { temporal: { ...config, address }, log, signal });
  return { connected, log, port, tries, temporal: config.address };
}

test('says once what it waits for, however often it tries', async () => {
  const { connected, log, port, tries, temporal } = await waitAtFreePort();
  await eventually('four attempts', () => tries.count >= 4);

  const forwarder = await startTcpForwarder(port, temporal);
  await (await connected).close();

  expect(log.lines).toContain(`warn waiting for Temporal at 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`);
  expect(log.lines.at(-1)).toBe(`info connected to Temporal at 127.0.0.1:${port}`);
  expect(repeated(log.lines)).toEqual([]);
  await forwarder.stop();
});

test('says again what it waits for when the cause changes', async () => {
  const { connected, log, port, tries, temporal } = await waitAtFreePort();
  const waits = `warn waiting for Temporal at 127.0.0.1:${port}`;
  await eventually('the first cause', () => log.lines.includes(`${waits}: connect ECONNREFUSED 127.0.0.1:${port}`));

  const stranger = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => stranger.listen(port, '127.0.0.1', resolve));
  await eventually('another cause', () => log.lines.includes(`${waits}: Failed to connect`));
  const triesBefore = tries.count;
  await eventually('two attempts more', () => tries.count >= triesBefore + 2);
  await new Promise((resolve) => stranger.close(resolve));

  expect(repeated(log.lines)).toEqual([]);
  const forwarder = await startTcpForwarder(port, temporal);
  await (await connected).close();
  await forwarder.stop();
});

test('mentions, for who looks for it, a connection that fails when nobody waits for it any more', async () => {
  const debug: string[] = [];
  const log = { ...rememberingLog(), debug: (message: string) => void debug.push(message) };
  const stop = new AbortController();
  const late = Promise.withResolvers<never>();
  const connecting = untilConnected(() => late.promise, { temporal: realTemporalConfig(), log, signal: stop.signal });
  stop.abort(new Error('the process is stopping'));
  await expect(connecting).rejects.toThrow('the process is stopping');

  late.reject(new Error('connect ETIMEDOUT'));

  await eventually('it is mentioned', () => debug.length === 1);
  expect(debug[0]).toContain('connect ETIMEDOUT');
});
