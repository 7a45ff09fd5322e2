import type { Environment } from '../../../src/dev/temporal-server/cli-cache';
import { findOrDownload } from '../../../src/dev/temporal-server/find-or-download';
import type { Log } from '../../../src/temporal/connection';
import { downloadTestServerWithMaven } from './download-test-server-with-maven';
import { downloadTestServerWithSdk } from './download-test-server-with-sdk';
import { TEST_SERVER_VERSION } from './pom';
import { findInTestServerCache, testServerCache } from './test-server-cache';

/**
 * Finds Temporal's time-skipping test server, or downloads it into the cache (about 30 MB, once), for
 * `TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })`.
 * @throws {ProgramNotFoundError} naming each way that was tried and why it failed
 */
export function findTestServer({ env, log }: { readonly env: Environment; readonly log: Log }): Promise<string> {
  const directory = testServerCache(env);
  return findOrDownload(
    {
      name: "Temporal's time-skipping test server",
      installed: [],
      cache: { directory, find: () => findInTestServerCache(env) },
      downloads: [
        { name: "the Temporal SDK's download", find: () => downloadTestServerWithSdk(env) },
        {
          name: `io.temporal:temporal-test-server:${TEST_SERVER_VERSION} from Maven, with Java 11 or newer`,
          find: () => downloadTestServerWithMaven(env),
        },
      ],
      downloading: `downloading Temporal's time-skipping test server (about 30 MB, once) to ${directory}`,
      advice: 'Install Java 11 or newer, and Maven.',
    },
    log,
  );
}
