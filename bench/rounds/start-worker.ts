import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { WorkerOrder } from './worker-process';

export interface RoundWorker {
  readonly pid: number;
  stop(): void;
}

/** Starts a worker process and waits until it works. */
export async function startWorker(
  order: WorkerOrder,
  options: { readonly execArgv?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<RoundWorker> {
  const child = fork(require.resolve('./worker-process'), {
    execArgv: [...process.execArgv, ...(options.execArgv ?? [])],
    env: { ...process.env, ...options.env },
  });
  child.send(order);
  await Promise.race([once(child, 'message'), failed(child)]);
  return { pid: child.pid as number, stop: () => void child.kill() };
}

async function failed(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`a worker process ended with exit code ${code}`);
}
