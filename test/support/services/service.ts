import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../eventually';

/** A server of somebody else's that runs for one test file, or for all of a run. */
export interface Service {
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/** Whom a program runs as: some refuse root. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/** `user` where this process is root, otherwise nobody else. */
export function insteadOfRoot(user: string): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const ask = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));
  return { uid: ask('-u'), gid: ask('-g') };
}

/** A new empty directory that belongs to whom the program runs as. */
export async function serviceDirectory(name: string, as?: RunAs): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), `jobherald-${name}-`));
  if (as !== undefined) await chown(path, as.uid, as.gid);
  return path;
}

/**
 * Starts a program and waits until `isReady`.
 * @throws {Error} with its last words, where it ends before that
 */
export async function startService(service: {
  readonly path: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly as?: RunAs | undefined;
  readonly isReady: () => Promise<boolean>;
}): Promise<Service> {
  const { path, args, directory, as, isReady } = service;
  const child = spawn(path, args, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'], ...as });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => (output = `${output}${data}`.slice(-2_000)));
  let failure: unknown;
  child.once('error', (error) => (failure = error));
  // Jest may be ended before the test file is over.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);

  const stop = async () => {
    process.off('exit', kill);
    // PostgreSQL's fast shutdown; Redis takes it for the same.
    if (isRunning(child)) child.kill('SIGINT');
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const isReadyOrGone = async () => failure !== undefined || !isRunning(child) || (await isReady());
    await eventually(`${path} is ready`, isReadyOrGone, { withinMs: 120_000 });
    if (failure !== undefined || !isRunning(child))
      throw new Error(`${path} ended: ${output.trim()}`, { cause: failure });
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}
