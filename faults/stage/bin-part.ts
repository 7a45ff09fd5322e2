import type { Victim } from '../plan/names';
import { type Child, startChild } from './child';
import type { Part } from './part';

export interface BinPartOptions {
  readonly name: Victim;
  /** Behind Node.js: what is loaded first, the bin, its command and arguments. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly log: string;
  /** Told when it ends without having been killed. */
  readonly onCrash: (what: string) => void;
}

/** A program that has just been started may not know yet how to end well. */
const STARTS_WITHIN_MS = 15_000;

/** How long a program that was asked to end has for it: more than its own patience with deliveries in flight. */
const LEAVES_WITHIN_MS = 45_000;

/** `jobherald worker` or `jobherald gateway`, as it is installed. */
export function binPart({ name, args, cwd, log, onCrash }: BinPartOptions): Part {
  let running: Child | undefined;
  let startedAt = 0;
  return {
    name,
    pid: () => running?.pid,
    async start() {
      const child = await startChild({ args, cwd, log });
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
