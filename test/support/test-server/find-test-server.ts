import type { Environment } from '../../../src/dev/temporal-server/cache-directory';
import { firstThatWorks } from '../../../src/dev/temporal-server/first-that-works';
import type { Log } from '../../../src/temporal/log';
import { sayIfSlow } from '../../../src/temporal/say-if-slow';
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
  const ways = [
    { name: 'the cache', find: () => findInTestServerCache(env) },
    { name: "the Temporal SDK's download", find: () => downloadTestServerWithSdk(env) },
    {
      name: `io.temporal:temporal-test-server:${TEST_SERVER_VERSION} from Maven, with Java 11 or newer`,
      find: () => downloadTestServerWithMaven(env),
    },
  ];
  return sayIfSlow(
    log,
    `downloading Temporal's time-skipping test server (about 30 MB, once) to ${testServerCache(env)}`,
    () => firstThatWorks("Temporal's time-skipping test server", ways, 'Install Java 11 or newer, and Maven.'),
  );
}
