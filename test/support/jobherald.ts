import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

let built: string | undefined;

/** The built bin, as `npm run build` makes it; built now unless it is up to date. */
export function builtBin(): string {
  built ??= build();
  return built;
}

function build(): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--require', join(ROOT, 'scripts/typescript-hook.js'), join(ROOT, 'scripts/build.ts')],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`the build failed: ${stdout}${stderr}`);
  return join(ROOT, 'dist/src/cli/main.js');
}

export interface Finished {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningBin {
  readonly child: ChildProcess;
  /** Standard output so far. */
  readonly stdout: () => string;
  /** Standard error so far. */
  readonly stderr: () => string;
  readonly finished: Promise<Finished>;
  /** Signals the process alone. */
  kill(signal: NodeJS.Signals): void;
  /** Signals its whole process group, as a terminal's Ctrl-C does. */
  killGroup(signal: NodeJS.Signals): void;
}

export interface BinOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

const started: RunningBin[] = [];

/** Starts `jobherald …args` as a real process, the leader of a group of its own. Ended by {@link endBins} at the latest. */
export function startBin(args: readonly string[], { cwd, env, stdin = '' }: BinOptions): RunningBin {
  const { JOBHERALD_CONFIG: _config, JOBHERALD_URL: _url, JOBHERALD_TOKEN: _token, ...own } = process.env;
  const child = spawn(process.execPath, [builtBin(), ...args], {
    cwd,
    env: { ...own, ...env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(stdin);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  // Its exit, not the end of its output, which what it started may hold open after a kill -9.
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => setImmediate(() => resolve({ code, stdout, stderr })));
  });
  const running: RunningBin = {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    finished,
    kill: (signal) => void child.kill(signal),
    killGroup: (signal) => void process.kill(-(child.pid as number), signal),
  };
  started.push(running);
  return running;
}

/** Runs `jobherald …args` to its end. */
export function runBin(args: readonly string[], options: BinOptions): Promise<Finished> {
  return startBin(args, options).finished;
}

/** What each process that a test started has logged lately: by this a probe that fails is understood. */
export function saidByBins(): string {
  const said = started.map(({ child, stderr }) => `${child.spawnargs.slice(2).join(' ')}:\n${stderr().slice(-2_000)}`);
  return said.join('\n');
}

/** Ends what is left of every group that a test started. */
export function endBins(): void {
  for (const running of started.splice(0)) {
    try {
      running.killGroup('SIGKILL');
    } catch {
      // The whole group is gone already.
    }
  }
}
