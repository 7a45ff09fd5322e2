import { cliCache, keepInCache } from './cli-cache';
import { downloadWithSdk } from './download-with-sdk';
import { withScratchDirectory } from './scratch-directory';
import type { Search } from './search';
import { sha256 } from './sha256';
import { CLI_VERSION } from './temporal-cli';

/** The SDK's own download, kept in the cache. Its authenticity is that of https://temporal.download. */
export function downloadCliWithSdk({ env }: Search): Promise<string> {
  return withScratchDirectory(cliCache(env), async (directory) => {
    const binary = await downloadWithSdk({ kind: 'createLocal', version: `v${CLI_VERSION}`, directory, env });
    return keepInCache(env, binary, await sha256(binary));
  });
}
