import { createServer } from 'node:net';
import { dialClient } from '../../src/temporal/dial-client';
import { untilConnected } from '../../src/temporal/until-connected';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { rememberingLog } from '../support/logs';
import { realTemporalConfig } from '../support/real-temporal';
import { startTcpForwarder } from '../support/tcp-forwarder';

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

  expect(log.lines).toEqual([
    `warn waiting for Temporal at 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`,
    `info connected to Temporal at 127.0.0.1:${port}`,
  ]);
  await forwarder.stop();
});

test('says again what it waits for when the cause changes', async () => {
  const { connected, log, port, tries, temporal } = await waitAtFreePort();
  await eventually('the first cause', () => log.lines.length === 1);

  const stranger = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => stranger.listen(port, '127.0.0.1', resolve));
  await eventually('another cause', () => log.lines.length === 2);
  const triesBefore = tries.count;
  await eventually('two attempts more', () => tries.count >= triesBefore + 2);
  await new Promise((resolve) => stranger.close(resolve));

  expect(log.lines).toEqual([
    `warn waiting for Temporal at 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`,
    `warn waiting for Temporal at 127.0.0.1:${port}: Failed to connect`,
  ]);
  const forwarder = await startTcpForwarder(port, temporal);
  await (await connected).close();
  await forwarder.stop();
});
