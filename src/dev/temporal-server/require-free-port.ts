import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { dialClient } from '../../temporal/dial-client';
import { DevServerError } from './dev-server-error';
import type { ListenAddress } from './listen-address';

/** A server that was killed a moment ago, or is being ended because its parent was, needs this long at most. */
const LEAVE_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 100;
const ANSWER_WITHIN_MS = 2_000;

/**
 * Resolves once the port is free, waiting a little for a server that is just ending.
 * @throws {DevServerError} `port_taken`, saying whether a Temporal server has it and what to do
 */
export async function requireFreePort({ host, port, dialHost }: ListenAddress, use: string): Promise<void> {
  const patience = Date.now() + LEAVE_WITHIN_MS;
  let fault = await bindingFault(host, port);
  while (fault?.code === 'EADDRINUSE' && Date.now() < patience) {
    await sleep(LOOK_EVERY_MS);
    fault = await bindingFault(host, port);
  }
  if (fault === undefined) return;

  const address = `${dialHost}:${port}`;
  if (fault.code !== 'EADDRINUSE') {
    throw new DevServerError('port_taken', `cannot listen on ${host} port ${port} for ${use}: ${fault.message}`, {
      cause: fault,
    });
  }
  const version = await temporalVersion(address);
  throw new DevServerError(
    'port_taken',
    version === undefined
      ? `${address} is needed for ${use}, but another program listens there; end it, or choose another port in temporal.address`
      : `${address} is needed for ${use}, but a Temporal server (${version}) listens there already; ` +
          'end it if it is a leftover, use it with "jobherald worker" and "jobherald gateway" if it is yours, ' +
          'or choose another port in temporal.address',
    { cause: fault },
  );
}

function bindingFault(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', resolve);
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}

async function temporalVersion(address: string): Promise<string | undefined> {
  try {
    const connection = await dialClient({ address });
    try {
      const { serverVersion } = await connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
        connection.workflowService.getSystemInfo({}),
      );
      return serverVersion || 'of unknown version';
    } finally {
      await connection.close();
    }
  } catch {
    return undefined;
  }
}
