import type { Environment } from '../../../src/dev/temporal-server/cli-cache';
import { runProgram } from '../../../src/dev/temporal-server/run-program';

const OLDEST_JAVA = 11;

/** @throws {Error} where there is no Java, or one that is too old for the test server */
export async function requireJava(env: Environment): Promise<void> {
  const words = await runProgram('java', ['--version'], { timeoutMs: 20_000, env });
  const version = Number(/\d+/.exec(words)?.[0]);
  if (!(version >= OLDEST_JAVA)) throw new Error(`java is ${version}, needed is ${OLDEST_JAVA} or newer`);
}
