/**
 * A worker has two JavaScript heaps, its own and that of the workflows, and threads of Rust. By default V8 lets the young
 * generation of each heap grow to 96 MiB, and glibc gives each thread an arena that it keeps; a burst then leaves hundreds of
 * MiB behind (docs/benchmarks.md has the figures).
 */
const SEMI_SPACE_FLAG = '--max-semi-space-size';
const SEMI_SPACE_MIB = 8;
/** glibc's: two arenas, and memory that is free is given back. */
const MALLOC = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' } as const;
/** Set by the process that started this one anew; nobody else needs to set it. */
const IS_SET = 'JOBHERALD_MEMORY_SETTINGS';

/** Only these commands run for long with a worker in them. */
const COMMANDS: readonly (string | undefined)[] = ['worker'];

/**
 * Starts the process anew, as the same process, with settings that can only be made at its start. What the environment or
 * the command line has chosen already is kept. Does nothing where the system or Node.js cannot do it.
 */
export function useMemorySettings(command: string | undefined): void {
  const { env, execArgv, execPath, argv } = process;
  const isDone = env[IS_SET] !== undefined || process.send !== undefined; // a channel to a parent would be lost
  if (isDone || !COMMANDS.includes(command) || process.platform === 'win32' || !process.execve) return;
  const flags = [...execArgv];
  if (![...flags, env['NODE_OPTIONS'] ?? ''].some((flag) => flag.includes('semi-space-size'))) {
    flags.push(`${SEMI_SPACE_FLAG}=${SEMI_SPACE_MIB}`);
  }
  const settings = { ...MALLOC, ...env, [IS_SET]: '1' };
  process.execve(execPath, [execPath, ...flags, ...argv.slice(1)], settings as Record<string, string>);
}
