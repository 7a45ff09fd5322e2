import type { Environment } from './cache-directory';
import { runProgram } from './run-program';

/**
 * The version of the server inside a Temporal CLI, e.g. `1.32.0`, as `temporal --version` tells it.
 * @throws {Error} where the program cannot be run or is not a Temporal CLI with a server in it
 */
export async function serverVersion(cli: string, env: Environment): Promise<string> {
  const words = await runProgram(cli, ['--version'], { timeoutMs: 20_000, env });
  const version = /\(Server (\d+\.\d+\.\d+)/.exec(words)?.[1];
  if (version === undefined) throw new Error(`${cli} --version says "${words.trim()}", which names no server`);
  return version;
}

/** Whether a version such as `1.32.0` is [major, minor] or newer. */
export function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ourMajor = 0, ourMinor = 0] = version.split('.').map(Number);
  return ourMajor > major || (ourMajor === major && ourMinor >= minor);
}
