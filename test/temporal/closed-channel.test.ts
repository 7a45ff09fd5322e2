import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { dialClient } from '../../src/temporal/dial-client';
import { freePort } from '../support/free-port';
import { realTemporalConfig } from '../support/real-temporal';
import { startTcpForwarder } from '../support/tcp-forwarder';

/** Long enough for an attempt to fail: from then on the call waits, a little longer each time, to be repeated. */
const AMID_RETRIES_MS = 300;

test('a call that waits to be repeated fails when its connection is closed, and does not end the process', async () => {
  const port = await freePort();
  const forwarder = await startTcpForwarder(port, realTemporalConfig().address);
  const connection = await dialClient({ address: `127.0.0.1:${port}` });
  await forwarder.stop();
  const call = connection.workflowService.getSystemInfo({});
  const failure = expect(call).rejects.toMatchObject({ code: status.CANCELLED });
  await sleep(AMID_RETRIES_MS);

  await connection.close();

  await failure;
});

test('a call on a closed connection fails as any other does', async () => {
  const connection = await dialClient({ address: realTemporalConfig().address });
  await connection.close();

  await expect(connection.workflowService.getSystemInfo({})).rejects.toMatchObject({ code: status.CANCELLED });
});
