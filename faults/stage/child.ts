import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { endWithParent } from '../../src/dev/temporal-server/end-with-parent';

export interface ChildOptions {
  /** Of the program and its arguments, behind Node.js. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** File that all its output is appended to. */
  readonly log: string;
  /** With a channel for messages to its parent. */
  readonly ipc?: boolean;
}

export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Resolves when it is gone, with how. */
  readonly ended: Promise<string>;
}

/**
 * Starts a Node.js program that ends with this process, however that ends.
 * @throws {Error} where there is no such program
 */
export async function startChild({ args, cwd, log, ipc = false }: ChildOptions): Promise<Child> {
  const output = openSync(log, 'a');
  const child = spawn(process.execPath, [...args], {
    cwd,
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
