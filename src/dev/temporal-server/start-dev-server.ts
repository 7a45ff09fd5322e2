import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Log } from '../../temporal/connection';
import { REQUIRED_SEARCH_ATTRIBUTES } from '../../temporal/search-attributes';
import { endWithParent } from './end-with-parent';
import { DevServerError, type ListenAddress, parseListenAddress, requireFreePort } from './listen-address';
import { waitUntilServing } from './wait-until-serving';

const START_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 10_000;
const LAST_LINES = 20;
const UI_OFFSET = 1_000;

/**
 * Twice the throughput or more of SQLite's default journal, and as safe against kill -9. A power cut may take the last
 * moments with it but leaves the file whole (https://sqlite.org/pragma.html#pragma_synchronous, 1 is NORMAL).
 */
const WRITE_AHEAD_LOG = ['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=1'] as const;

export interface DevServerOptions {
  /** The Temporal CLI; see findTemporalCli. */
  readonly cli: string;
  /** `host:port` to listen on. */
  readonly address: string;
  /** Default: 1000 above the port of `address`. */
  readonly uiPort?: number;
  /** SQLite file that keeps everything over restarts, made with its directory where missing. Default: memory only. */
  readonly dbFile?: string;
  readonly namespace: string;
  /** Dynamic configuration of the server, key to YAML value. Default: as the server has it. */
  readonly dynamicConfig?: Readonly<Record<string, string>>;
  readonly log: Log;
  /** Called with its last lines when the server ends without having been stopped. */
  readonly onExit?: (reason: string) => void;
}

export interface DevServer {
  /** `host:port` to connect to. */
  readonly address: string;
  readonly uiUrl: string;
  readonly pid: number;
  /** Ends the server, by force after ten seconds. Resolves when it is gone; harmless twice. */
  stop(): Promise<void>;
}

/**
 * Starts `temporal server start-dev` in this process group, with our search attributes, and resolves when it serves.
 * The server ends with this process, however that dies.
 * @throws {DevServerError} `bad_address`, `port_taken`, `not_started`
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const listen = parseListenAddress(options.address);
  const ui = { ...listen, port: options.uiPort ?? listen.port + UI_OFFSET };
  if (ui.port > 65_535) {
    throw new DevServerError(
      'bad_address',
      `the Web UI has no port ${ui.port}; use a port up to ${65_535 - UI_OFFSET}`,
    );
  }
  await requireFreePort(listen, 'the Temporal dev server');
  await requireFreePort(ui, 'the Temporal Web UI');
  if (options.dbFile !== undefined) await makeOwn(options.dbFile);

  const child = spawnPrivately(() =>
    spawn(options.cli, commandLine(options, listen, ui.port), { stdio: ['ignore', 'pipe', 'pipe'] }),
  );
  const lastLines = follow(child, options.log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) =>
      resolve([`it ended with ${signal ?? `exit code ${code}`}`, ...lastLines].join('\n')),
    );
  });
  const pid = child.pid;
  if (pid === undefined)
    throw new DevServerError('not_started', `the Temporal dev server did not start: ${await ended}`);
  const release = endWithParent(pid);
  void ended.then(release);

  const address = `${listen.dialHost}:${listen.port}`;
  const uiUrl = `http://${ui.dialHost}:${ui.port}`;
  let stopping = false;
  const stop = async () => {
    stopping = true;
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await ended;
    clearTimeout(force);
  };

  const giveUp = new AbortController();
  const deadline = setTimeout(() => giveUp.abort(), START_WITHIN_MS);
  const serving = waitUntilServing({ address, namespace: options.namespace, uiUrl }, giveUp.signal).then(
    () => 'serving' as const,
  );
  const failure = await Promise.race([
    serving.catch(() => `it did not answer within ${START_WITHIN_MS / 1000} s`),
    ended,
  ]);
  clearTimeout(deadline);
  if (failure !== 'serving') {
    giveUp.abort();
    await stop();
    throw new DevServerError('not_started', `the Temporal dev server did not start: ${failure}`);
  }

  void ended.then((reason) => {
    if (!stopping) options.onExit?.(`the Temporal dev server is gone: ${reason}`);
  });
  return { address, uiUrl, pid, stop };
}

/** What jobs are about is nobody else's business on this machine: also where an earlier version left the file readable. */
async function makeOwn(dbFile: string): Promise<void> {
  await mkdir(dirname(dbFile), { recursive: true });
  for (const file of [dbFile, `${dbFile}-wal`, `${dbFile}-shm`]) {
    await chmod(file, 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

/** Starts a child whose files are its owner's alone. They cannot be made before it: the CLI sets up no file that exists. */
function spawnPrivately<T>(start: () => T): T {
  const before = process.umask(0o077);
  try {
    return start();
  } finally {
    process.umask(before);
  }
}

function commandLine(
  { dbFile, namespace, dynamicConfig = {} }: DevServerOptions,
  { host, port }: ListenAddress,
  uiPort: number,
): string[] {
  return [
    ...['server', 'start-dev', '--ip', host, '--port', String(port), '--ui-port', String(uiPort)],
    ...['--namespace', namespace, '--log-level', 'error', '--ui-disable-news-fetch'],
    ...(dbFile === undefined ? [] : ['--db-filename', dbFile, ...WRITE_AHEAD_LOG]),
    // No version check: nothing about a developer's machine is sent anywhere.
    ...['--dynamic-config-value', 'frontend.enableServerVersionCheck=false'],
    ...Object.entries(dynamicConfig).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
    ...REQUIRED_SEARCH_ATTRIBUTES.flatMap(({ name, typeName }) => ['--search-attribute', `${name}=${typeName}`]),
  ];
}

/** Hands every line of output to the log and returns the last ones, growing as they come. */
function follow(child: ChildProcessByStdio<null, Readable, Readable>, log: Log): readonly string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      log.debug(`temporal: ${line}`);
      if (line.trim() !== '' && lines.push(line) > LAST_LINES) lines.shift();
    });
  }
  return lines;
}
