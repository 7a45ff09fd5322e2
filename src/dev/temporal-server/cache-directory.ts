import { homedir } from 'node:os';
import { join } from 'node:path';

/** The environment as a value, so that only the caller reads the real one. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where downloaded programs are kept between runs: `JOBHERALD_CACHE`, else `jobherald` in the user's cache
 * directory (XDG Base Directory Specification: `XDG_CACHE_HOME`, default `~/.cache`).
 */
export function cacheDirectory(env: Environment): string {
  return env['JOBHERALD_CACHE'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'jobherald');
}
