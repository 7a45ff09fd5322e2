import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface BenchProcess<Answer> {
  readonly pid: number;
  /** What it has said once it was ready. */
  readonly answer: Answer;
  /** Says something to it beside its order. */
  send(message: object): void;
  stop(): void;
}

export interface ChildOptions {
  /** Options of Node beside those of this process. */
  readonly execArgv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Its log goes nowhere; as much is written as elsewhere. */
  readonly silent?: boolean;
}

/**
 * Starts a module of this folder as a process of its own, so that its CPU time is its own; sends it its order
 * and waits for its answer. It ends with this process.
 */
export async function startChild<Answer>(
  module: string,
  order: object,
  { execArgv = [], env = {}, silent = false }: ChildOptions = {},
): Promise<BenchProcess<Answer>> {
  const child = fork(require.resolve(`./${module}`), {
    execArgv: [...process.execArgv, ...execArgv],
    env: { ...process.env, ...env },
    stdio: silent ? ['ignore', 'ignore', 'ignore', 'ipc'] : ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.send(order);
  const [answer] = await Promise.race([once(child, 'message'), failed(child, module)]);
  return {
    pid: child.pid as number,
    answer: answer as Answer,
    send: (message) => void child.send(message),
    stop: () => void child.kill(),
  };
}

async function failed(child: ChildProcess, module: string): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`${module} ended with exit code ${code}`);
}

/** The other side: takes the order, answers when it is ready, ends with its parent. */
export function asChild<Order, Answer>(start: (order: Order) => Promise<Answer>): void {
  process.on('disconnect', () => process.exit());
  process.once('message', (order) => {
    start(order as Order).then(
      (answer) => process.send?.(answer),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        process.exit(1);
      },
    );
  });
}
