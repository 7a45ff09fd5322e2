import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory, type Environment } from '../../../src/dev/temporal-server/cli-cache';
import { TEST_SERVER_VERSION } from './pom';
import { requireJava } from './require-java';

const SDK_VERSION = (require('@temporalio/testing/package.json') as { readonly version: string }).version;

/** The SDK chooses the test server that fits itself, so a new SDK wants a new one. */
export const NATIVE = `native-for-sdk-${SDK_VERSION}`;

/** A directory of jars, the classes that Java has loaded from them already, and the script that starts them. */
export const JAVA = `java-${TEST_SERVER_VERSION}-archived`;
export const JAVA_START = join(JAVA, 'temporal-test-server');

/** Both kinds of the test server lie side by side here; each is moved here whole. */
export function testServerCache(env: Environment): string {
  return join(cacheDirectory(env), 'temporal-test-server');
}

/** The project's cache: the native test server, else the Java one where there is a Java to run it. */
export async function findInTestServerCache(env: Environment): Promise<string> {
  const cache = testServerCache(env);
  if (await isProgram(join(cache, NATIVE))) return join(cache, NATIVE);
  if (!(await isProgram(join(cache, JAVA_START)))) throw new Error(`neither ${NATIVE} nor ${JAVA} in ${cache}`);
  await requireJava(env);
  return join(cache, JAVA_START);
}

function isProgram(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
