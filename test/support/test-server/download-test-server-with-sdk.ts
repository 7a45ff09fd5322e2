import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../../src/dev/temporal-server/cache-directory';
import { downloadWithSdk } from '../../../src/dev/temporal-server/download-with-sdk';
import { withScratchDirectory } from '../../../src/dev/temporal-server/scratch-directory';
import { NATIVE, testServerCache } from './test-server-cache';

/** The test server as the SDK downloads it: one native program, kept in the cache. */
export function downloadTestServerWithSdk(env: Environment): Promise<string> {
  const file = join(testServerCache(env), NATIVE);
  return withScratchDirectory(testServerCache(env), async (directory) => {
    await rename(await downloadWithSdk({ kind: 'createTimeSkipping', version: 'default', directory, env }), file);
    return file;
  });
}
