import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findTemporalCli } from '../../src/dev/temporal-server/find-temporal-cli';
import { type DevServer, startDevServer } from '../../src/dev/temporal-server/start-dev-server';
import type { Log } from '../../src/temporal/connection';
import { openStack } from '../../stack/open-stack';
import { withVariables } from '../../stack/variables';
import { freePortWithNeighbour } from '../../test/support/free-port';
import type { Part } from './part';

/** Which Temporal a run has: the dev server, the one of docker-compose.yml, or somebody's own, with what kills and starts it. */
export type TemporalChoice =
  | { readonly kind: 'sqlite' }
  | { readonly kind: 'postgres' }
  | { readonly kind: 'own'; readonly address: string; readonly kill: string; readonly start: string };

/** The Temporal of a run, and what of it can be killed. */
export interface StagedTemporal {
  readonly address: string;
  readonly parts: readonly Part[];
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface StagedTemporalOptions {
  readonly directory: string;
  readonly say: (line: string) => void;
  readonly onCrash: (what: string) => void;
}

export function openTemporal(choice: TemporalChoice, options: StagedTemporalOptions): Promise<StagedTemporal> {
  if (choice.kind === 'postgres') return openOnPostgres(options);
  return choice.kind === 'sqlite' ? openOnSqlite(options) : Promise.resolve(openOwn(choice));
}

async function openOnSqlite({ directory, onCrash }: StagedTemporalOptions): Promise<StagedTemporal> {
  const silent = () => undefined;
  const log = { debug: silent, info: silent, warn: silent };
  const cli = await findTemporalCli({ env: process.env, log });
  const address = `127.0.0.1:${await freePortWithNeighbour(1_000)}`;
  const part = temporalPart({ cli, address, dbFile: join(directory, 'temporal.db'), log, onCrash });
  return { address, parts: [part], start: part.start, close: () => part.kill('SIGKILL') };
}

/** A server that ends by itself while its database is away is started again, as by docker-compose.yml: that is no crash. */
async function openOnPostgres({ directory, say }: StagedTemporalOptions): Promise<StagedTemporal> {
  const folder = join(directory, 'stack');
  chmodSync(directory, 0o711); // as the stack does with its own: PostgreSQL's user has to pass
  const stack = await openStack({
    directory: folder,
    env: withVariables(process.env, folder),
    only: ['postgresql', 'temporal-schema', 'temporal'],
    freePorts: true,
    say,
  });
  const parts = (['temporal', 'postgresql'] as const).map((name): Part => {
    const service = stack.services.find((each) => each.name === name);
    if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
    const { pid, start, stop, kill } = service;
    return { name, pid, start, kill: (signal) => (signal === 'SIGKILL' ? kill() : stop()) };
  });
  const close = async () => {
    for (const part of parts) await part.kill('SIGKILL');
  };
  return { address: `127.0.0.1:${stack.port(7233)}`, parts, start: stack.up, close };
}

/** It runs before, and after. */
function openOwn({ address, kill, start }: TemporalChoice & { readonly kind: 'own' }): StagedTemporal {
  const part: Part = { name: 'temporal', pid: () => undefined, start: () => shell(start), kill: () => shell(kill) };
  return { address, parts: [part], start: () => Promise.resolve(), close: () => Promise.resolve() };
}

interface TemporalPartOptions {
  readonly cli: string;
  readonly address: string;
  readonly dbFile: string;
  readonly log: Log;
  readonly onCrash: (what: string) => void;
}

const TRIES = 3;
const BETWEEN_TRIES_MS = 1_000;

/** A Temporal dev server that keeps everything in a SQLite file, from which it goes on after it was killed. */
function temporalPart({ cli, address, dbFile, log, onCrash }: TemporalPartOptions): Part {
  let running: { readonly server: DevServer; readonly gone: Promise<void>; isKilled: boolean } | undefined;

  const startOnce = async (): Promise<void> => {
    const gone = Promise.withResolvers<void>();
    const server = await startDevServer({
      cli,
      address,
      dbFile,
      namespace: 'default',
      log,
      onExit: (reason) => {
        gone.resolve();
        if (!current.isKilled) onCrash(reason);
      },
    });
    const current = { server, gone: gone.promise, isKilled: false };
    running = current;
  };

  return {
    name: 'temporal',
    pid: () => running?.server.pid,
    async start() {
      for (let left = TRIES; ; left--) {
        try {
          return await startOnce();
        } catch (error) {
          if (left <= 1) throw error;
          await sleep(BETWEEN_TRIES_MS); // its port may be taken by the one that was killed, for a moment
        }
      }
    },
    async kill(signal) {
      const server = running;
      running = undefined;
      if (server === undefined) return;
      server.isKilled = true;
      process.kill(server.server.pid, signal);
      await server.gone;
    },
  };
}

function shell(command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`))));
  });
}
