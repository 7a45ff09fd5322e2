import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithParent } from '../src/dev/temporal-server/end-with-parent';
import type { RunAs } from '../test/support/services/service';
import type { HealthCheck } from './compose';

/** One service as it runs here. */
export interface HostService {
  readonly name: string;
  /** A program and its arguments. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Where it must not run as this process does. */
  readonly as?: RunAs | undefined;
  /** File that all its output is appended to. */
  readonly log: string;
  readonly isOneShot: boolean;
  readonly healthcheck?: HealthCheck;
  readonly restarts: number;
  readonly stopSignal: NodeJS.Signals;
  readonly stopWithinMs: number;
}

export interface ServiceProcess {
  readonly name: string;
  pid(): number | undefined;
  /** The most memory it has had, bytes; since its last start. Undefined while it does not run, and where the system does not say. */
  peakBytes(): number | undefined;
  /**
   * Resolves when it runs and is healthy or, if it does one thing only, has ended well. From then on it is started again
   * whenever it ends, until it is killed.
   * @throws {Error} that names its log
   */
  start(): Promise<void>;
  /** Resolves when it has ended; after its time for that it is killed. */
  stop(): Promise<void>;
  /** Ends it at once. Resolves when it is gone. It is not started again by itself. */
  kill(): Promise<void>;
}

/** As an engine does between two starts of a container that ends at once. */
const BEFORE_RESTART_MS = 500;
/** How often health is asked for until it is good; the intervals of the file are for the time after. */
const LOOK_EVERY_MS = 250;

/** @param say what is said of restarts */
export function serviceProcess(service: HostService, say: (line: string) => void): ServiceProcess {
  const { name, argv, env, cwd, as, log, isOneShot, healthcheck, restarts, stopSignal, stopWithinMs } = service;
  let running: { readonly child: ChildProcess; readonly ended: Promise<string> } | undefined;
  /** From one start to the next stop or kill; what belongs to an earlier one does nothing more. */
  let life = 0;

  const current = () => {
    const child = running?.child;
    return child?.exitCode === null && child.signalCode === null ? child.pid : undefined;
  };

  const spawnOnce = () => {
    const [program = '', ...args] = argv;
    const output = openSync(log, 'a');
    // In a group of its own, so that Ctrl-C ends the services in their order, and not all at once.
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', output, output], detached: true, ...as });
    closeSync(output);
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    if (child.pid !== undefined) void ended.then(endWithParent(child.pid));
    running = { child, ended };
    return ended;
  };

  const failure = (what: string) => new Error(`${name} ${what}; see ${log}`);

  /** Runs it until it has ended well, where that is what it is for, or is stopped. */
  const keep = async (own: number): Promise<void> => {
    for (let left = restarts; life === own; left--) {
      const how = await spawnOnce();
      if (life !== own) break;
      if (isOneShot && how === 'exit code 0') return;
      if (left <= 0) throw failure(`ended with ${how}`);
      say(`${name} ended with ${how}, and is started again`);
      await sleep(BEFORE_RESTART_MS);
    }
    if (isOneShot) throw failure('was stopped before it ended');
  };

  const end = async (signal: NodeJS.Signals) => {
    life++;
    const ending = running;
    running = undefined;
    if (ending === undefined) return;
    ending.child.kill(signal);
    const force = setTimeout(() => {
      say(`${name} did not end within ${stopWithinMs / 1_000} s of ${signal}`);
      ending.child.kill('SIGKILL');
    }, stopWithinMs);
    await ending.ended;
    clearTimeout(force);
  };

  return {
    name,
    pid: current,
    peakBytes: () => peakOf(current()),
    async start() {
      const own = ++life;
      const kept = keep(own);
      if (isOneShot) return kept;
      void kept;
      if (healthcheck === undefined) return;
      const { startPeriodMs, intervalMs, retries } = healthcheck;
      const withinMs = startPeriodMs + intervalMs * retries;
      const giveUpAt = Date.now() + withinMs;
      while (!(await isHealthy(healthcheck, service).catch((error) => Promise.reject(failure(error.message))))) {
        if (life !== own) throw failure('was stopped while it started');
        if (Date.now() > giveUpAt) throw failure(`is not healthy after ${withinMs / 1_000} s`);
        await sleep(LOOK_EVERY_MS);
      }
    },
    stop: () => end(stopSignal),
    kill: () => end('SIGKILL'),
  };
}

/** @throws {Error} where its program is missing */
function isHealthy({ test, timeoutMs }: HealthCheck, { cwd, env }: HostService): Promise<boolean> {
  const [program = '', ...args] = test;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: 'ignore', timeout: timeoutMs, killSignal: 'SIGKILL' });
    child.once('error', () => reject(new Error(`has a health check that needs ${program} on PATH`)));
    child.once('exit', (code) => resolve(code === 0));
  });
}

function peakOf(pid: number | undefined): number | undefined {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? undefined : Number(kib) * 1_024;
  } catch {
    return undefined;
  }
}
