import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory, type Environment } from './cache-directory';
import { sha256 } from './sha256';
import { CLI_VERSION, PLATFORM } from './temporal-cli';

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
