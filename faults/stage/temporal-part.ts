import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DevServer, startDevServer } from '../../src/dev/temporal-server/start-dev-server';
import type { Log } from '../../src/temporal/connection';
import type { Part } from './part';

export interface TemporalPartOptions {
  readonly cli: string;
  readonly address: string;
  readonly dbFile: string;
  readonly log: Log;
  readonly onCrash: (what: string) => void;
}

const TRIES = 3;
const BETWEEN_TRIES_MS = 1_000;

/** A Temporal dev server that keeps everything in a SQLite file, from which it goes on after it was killed. */
export function temporalPart({ cli, address, dbFile, log, onCrash }: TemporalPartOptions): Part {
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

/**
 * A Temporal server of one's own, such as that of docker-compose.yml with PostgreSQL behind it: who runs it says with
 * which commands it is killed and started again.
 */
export function ownTemporalPart(commands: { readonly kill: string; readonly start: string }): Part {
  return {
    name: 'temporal',
    pid: () => undefined,
    start: () => shell(commands.start),
    kill: () => shell(commands.kill),
  };
}

function shell(command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`))));
  });
}
