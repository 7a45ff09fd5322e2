import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A receiver in a process of its own, so that it does not share a core's time with what is measured. */
export async function startSink(): Promise<{ readonly url: string; stop(): void }> {
  const child = fork(`${__dirname}/sink-process.js`, { execArgv: [] });
  const [port] = (await once(child, 'message')) as [number];
  return { url: `http://127.0.0.1:${port}/hook`, stop: () => void child.kill() };
}
