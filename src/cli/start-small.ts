/** How this process was started. */
export interface Start {
  readonly platform: NodeJS.Platform;
  readonly execPath: string;
  /** Node's own options. */
  readonly execArgv: readonly string[];
  /** The script and its arguments. */
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Whether a parent speaks to it over IPC, which a process that replaces it would not inherit. */
  readonly hasChannel: boolean;
}

/** Arguments of `process.execve`. */
export type Restart = readonly [file: string, args: readonly string[], env: NodeJS.ProcessEnv];

/**
 * The memory settings of a worker and a gateway; docs/benchmarks.md has what each is worth, and its price. Left alone, V8 and
 * malloc take what the machine has: a burst of submissions leaves a worker at twice its weight, however few runs it holds.
 */
export const SMALL_V8_OPTIONS: readonly string[] = [
  // A heap is collected when it has grown by a fifth, not by up to four times.
  '--heap-growing-percent=20',
  // MiB, a third of the room for what was just made: 16 otherwise, and a heap several times as large after start-up.
  '--max-semi-space-size=4',
];
/** The commands whose weight depends on what they once had to do; how many pools of memory each has for its threads. */
const POOLS = { worker: '2', gateway: '1' } as const;
type KeptSmall = keyof typeof POOLS;

/** The settings of malloc, as environment variables. Of glibc; other libraries take no notice. */
export const smallMalloc = (command: KeptSmall): Readonly<Record<string, string>> => ({
  // Not eight for each core.
  MALLOC_ARENA_MAX: POOLS[command],
  // What is free at the end of a pool goes back from 128 KiB on, always; not from twice the largest piece there ever was.
  MALLOC_TRIM_THRESHOLD_: '131072',
});

/**
 * How to start anew with the memory settings of a long-running process: V8 takes them at its start only. Undefined where they are
 * there already, where whoever starts it has chosen others, for any other command, and where a process cannot be replaced.
 */
export function startSmall({ platform, execPath, execArgv, command, env, hasChannel }: Start): Restart | undefined {
  const [, name = ''] = command;
  const chosen = [...execArgv, env['NODE_OPTIONS'] ?? ''].some((options) => /semi-space|heap-growing/.test(options));
  if (!isKeptSmall(name) || platform === 'win32' || hasChannel || chosen) return undefined;
  return [execPath, [execPath, ...SMALL_V8_OPTIONS, ...execArgv, ...command], { ...smallMalloc(name), ...env }];
}

function isKeptSmall(command: string): command is KeptSmall {
  return Object.hasOwn(POOLS, command);
}
