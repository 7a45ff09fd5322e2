import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { endWithParent } from '../../src/dev/temporal-server/end-with-parent';
import type { Victim } from '../plan/names';

/** A program that is killed and started again during a run. */
export interface Part {
  readonly name: Victim;
  /** Of the running program; undefined while there is none. */
  pid(): number | undefined;
  /** Resolves when the program runs; it may not be ready yet. */
  start(): Promise<void>;
  /** Resolves when it is gone. Harmless where it is gone already. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

export interface ChildOptions {
  /** Of the program and its arguments, behind Node.js. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** File that all its output is appended to. */
  readonly log: string;
  /** With a channel for messages to its parent. */
  readonly ipc?: boolean;
  /** Beside this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Resolves when it is gone, with how. */
  readonly ended: Promise<string>;
}

/**
 * Starts a Node.js program that ends with this process, however that ends.
 * @throws {Error} if there is no such program
 */
export async function startChild({ args, cwd, log, ipc = false, env = {} }: ChildOptions): Promise<Child> {
  const output = openSync(log, 'a');
  const child = spawn(process.execPath, [...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', output, output, ...(ipc ? (['ipc'] as const) : [])],
  });
  closeSync(output);
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${args.join(' ')} did not start: ${await ended}`);
  void ended.then(endWithParent(pid));
  return { process: child, pid, ended };
}

export interface BinPartOptions {
  readonly name: Victim;
  /** Behind Node.js: what is loaded first, the bin, its command and arguments. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly log: string;
  /** Beside this process's own environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Called when it ends without having been killed. */
  readonly onCrash: (what: string) => void;
}

/** A program that has just been started may not know yet how to end well. */
const STARTS_WITHIN_MS = 15_000;

/** How long a program that was asked to end has for it: more than its own patience with deliveries in flight. */
const LEAVES_WITHIN_MS = 45_000;

/** `jobherald worker` or `jobherald gateway`, as it is installed. */
export function binPart({ name, args, cwd, log, env, onCrash }: BinPartOptions): Part {
  let running: Child | undefined;
  let startedAt = 0;
  return {
    name,
    pid: () => running?.pid,
    async start() {
      const child = await startChild({ args, cwd, log, env });
      running = child;
      startedAt = Date.now();
      void child.ended.then((how) => {
        if (running === child) onCrash(`${name} ended by itself with ${how}`);
      });
    },
    async kill(signal) {
      const child = running;
      running = undefined;
      if (child === undefined) return;
      child.process.kill(signal);
      const force = setTimeout(() => {
        onCrash(`${name} did not end within ${LEAVES_WITHIN_MS / 1000} s of ${signal}`);
        child.process.kill('SIGKILL');
      }, LEAVES_WITHIN_MS);
      const how = await child.ended;
      clearTimeout(force);
      const isUp = Date.now() - startedAt > STARTS_WITHIN_MS;
      if (signal === 'SIGTERM' && isUp && how !== 'exit code 0') onCrash(`${name} ended with ${how} after SIGTERM`);
    },
  };
}
