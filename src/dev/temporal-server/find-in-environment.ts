import type { Search } from './search';
import { serverVersion } from './server-version';

/**
 * `JOBHERALD_TEMPORAL_CLI`: the path of a Temporal CLI, whatever its version.
 * One that does not work is warned about, because whoever set it expects it to be used.
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
