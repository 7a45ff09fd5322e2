import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Environment } from '../../../src/dev/temporal-server/cli-cache';
import { withScratchDirectory } from '../../../src/dev/temporal-server/cli-cache';
import { runProgram } from '../../../src/dev/temporal-server/run-program';
import { archiveClasses, CLASSES } from './archive-classes';
import { POM, TEST_SERVER_MAIN } from './pom';
import { requireJava } from './require-java';
import { JAVA, JAVA_START, testServerCache } from './test-server-cache';

const DOWNLOAD_WITHIN_MS = 10 * 60_000;

/**
 * The SDK starts a test server as `program PORT` and ends it with a kill, hence exec. It waits five seconds for it,
 * hence the compiler and the collector that start fast, and the archive of classes, with which it takes a third of the time.
 */
const SCRIPT = `#!/bin/sh
exec java -XX:SharedArchiveFile="\${0%/*}/${CLASSES}" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "\${0%/*}/lib/*" ${TEST_SERVER_MAIN} "$@"
`;

/** The test server as Maven has it, behind a script that starts it like the native one; kept in the cache. */
export async function downloadTestServerWithMaven(env: Environment): Promise<string> {
  await requireJava(env);
  const cache = testServerCache(env);
  return withScratchDirectory(cache, async (scratch) => {
    const made = join(scratch, JAVA);
    await mkdir(made);
    await writeFile(join(made, 'pom.xml'), POM);
    await writeFile(join(made, basename(JAVA_START)), SCRIPT);
    await chmod(join(made, basename(JAVA_START)), 0o755);
    // Strict: a jar that does not match its repository's checksum is an error, not a warning.
    const args = ['--batch-mode', '--quiet', '--strict-checksums', 'dependency:copy-dependencies'];
    await runProgram('mvn', [...args, '-DincludeScope=runtime', '-DoutputDirectory=lib'], {
      timeoutMs: DOWNLOAD_WITHIN_MS,
      env,
      cwd: made,
    });
    await rename(made, join(cache, JAVA)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // else another process was first
    });
    await archiveClasses(join(cache, JAVA), scratch, env);
    return join(cache, JAVA_START);
  });
}
