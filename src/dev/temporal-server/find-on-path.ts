import type { Search } from './search';
import { isAtLeast, serverVersion } from './server-version';
import { OLDEST_SERVER } from './temporal-cli';

/** `temporal` on PATH, if the server in it is new enough. */
export async function findOnPath({ env }: Search): Promise<string> {
  const version = await serverVersion('temporal', env);
  if (isAtLeast(version, OLDEST_SERVER)) return 'temporal';
  throw new Error(`its server is ${version}, needed is ${OLDEST_SERVER.join('.')} or newer`);
}
