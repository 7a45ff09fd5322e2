import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { dialClient } from '../../temporal/dial-client';

/**
 * bad_address: the server cannot listen there · port_taken: something else listens there ·
 * not_started: it ended or stayed silent while starting. `message` says what to do.
 */
export type DevServerErrorCode = 'bad_address' | 'port_taken' | 'not_started';

export class DevServerError extends Error {
  override readonly name = 'DevServerError';
  constructor(
    readonly code: DevServerErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Where the dev server listens and where others reach it. */
export interface ListenAddress {
  /** Without brackets, as `--ip` and sockets want it. */
  readonly host: string;
  readonly port: number;
  /** A host that can be dialled, in brackets if IPv6. */
  readonly dialHost: string;
}

/**
 * The server's parts reach each other at 127.0.0.1 whatever `--ip` says, so it works only where that is included:
 * on `::1`, on 127.0.0.2 or on a network address its front end answers and nothing behind it does (server 1.32).
 */
const DIAL_HOSTS: Readonly<Record<string, string>> = {
  '127.0.0.1': '127.0.0.1',
  localhost: 'localhost',
  '0.0.0.0': '127.0.0.1',
  '[::]': '[::1]',
};

/**
 * Reads `host:port`, e.g. `127.0.0.1:7233`.
 * @throws {DevServerError} `bad_address` where it is none, or none that the dev server works on
 */
export function parseListenAddress(address: string): ListenAddress {
  const [, host = '', digits = ''] = /^(.+):(\d{1,5})$/.exec(address) ?? [];
  const dialHost = DIAL_HOSTS[host];
  const port = Number(digits);
  if (dialHost === undefined || port < 1 || port > 65_535) {
    throw new DevServerError(
      'bad_address',
      `the Temporal dev server cannot listen on "${address}"; ` +
        `use a port of ${Object.keys(DIAL_HOSTS).join(', ')}, such as 127.0.0.1:7233`,
    );
  }
  return { host: host.replace(/^\[|\]$/g, ''), port, dialHost };
}

/** A server that was just killed, or is being ended because its parent was, needs this long at most. */
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
      ? `${address} is needed for ${use}, but another program listens there; stop it, or choose another port in temporal.address`
      : `${address} is needed for ${use}, but a Temporal server (${version}) listens there already; ` +
          'stop it if it is a leftover, use it with "jobherald worker" and "jobherald gateway" if it is yours, ' +
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
