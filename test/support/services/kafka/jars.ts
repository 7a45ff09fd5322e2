import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory, withScratchDirectory } from '../../../../src/dev/temporal-server/cli-cache';
import { runProgram } from '../../../../src/dev/temporal-server/run-program';

export const KAFKA_VERSION = '4.1.1';

/** slf4j-simple, told to keep quiet about all but errors, so that a broker which does not start says why. */
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>jobherald</groupId>
  <artifactId>kafka-for-tests</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;

/** The directory of Kafka's jars in the project's cache, downloaded with Maven where they are not there yet. */
export async function kafkaJars(): Promise<string> {
  const cache = join(cacheDirectory(process.env), 'kafka-for-tests');
  const jars = join(cache, KAFKA_VERSION);
  if (await exists(jars)) return jars;
  return withScratchDirectory(cache, async (scratch) => {
    const made = join(scratch, 'made');
    await mkdir(made);
    await writeFile(join(scratch, 'pom.xml'), POM);
    const args = ['--batch-mode', '--quiet', '--strict-checksums', 'dependency:copy-dependencies'];
    await runProgram('mvn', [...args, '-DincludeScope=runtime', `-DoutputDirectory=${made}`], {
      timeoutMs: 10 * 60_000,
      env: process.env,
      cwd: scratch,
    });
    await rename(made, jars).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // else another process was first
    });
    return jars;
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
