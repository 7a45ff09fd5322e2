import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../../src/dev/temporal-server/cli-cache';
import { withScratchDirectory } from '../../../src/dev/temporal-server/cli-cache';
import { downloadWithSdk } from '../../../src/dev/temporal-server/download-with-sdk';
import { NATIVE, testServerCache } from './test-server-cache';

/** The test server as the SDK downloads it: one native program, kept in the cache. */
export function downloadTestServerWithSdk(env: Environment): Promise<string> {
  const file = join(testServerCache(env), NATIVE);
  return withScratchDirectory(testServerCache(env), async (directory) => {
    await rename(await downloadWithSdk({ kind: 'createTimeSkipping', version: 'default', directory, env }), file);
    return file;
  });
}
