import { DevServerError } from './dev-server-error';

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
