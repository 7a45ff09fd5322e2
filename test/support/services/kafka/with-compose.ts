import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runProgram } from '../../../../src/dev/temporal-server/run-program';
import { KAFKA_WITHIN_MS } from './admin';
import { KAFKA_VERSION } from './jars';
import type { KafkaPorts, KafkaRunner } from './runner';
import { CLUSTER_ID, SCRAM_USERS, serverProperties } from './server-properties';

/** Whether a Docker engine with Compose answers. */
export async function hasEngine(): Promise<boolean> {
  try {
    const options = { timeoutMs: 10_000, env: process.env };
    await runProgram('docker', ['info'], options);
    await runProgram('docker', ['compose', 'version'], options);
    return true;
  } catch {
    return false;
  }
}

/** A broker as a container; its data are the container's, so they outlive a kill and end with the removal. */
export async function startWithCompose(ports: KafkaPorts, directory: string): Promise<KafkaRunner> {
  await writeFile(join(directory, 'server.properties'), serverProperties(ports, '0.0.0.0', '/tmp/kafka-logs'));
  const env = {
    ...process.env,
    KAFKA_VERSION,
    KAFKA_DIRECTORY: directory,
    KAFKA_PLAIN: String(ports.plain),
    KAFKA_SASL: String(ports.sasl),
    KAFKA_LISTENER: String(ports.listener),
    KAFKA_CLUSTER_ID: CLUSTER_ID,
    KAFKA_SCRAM_256: SCRAM_USERS[0],
    KAFKA_SCRAM_512: SCRAM_USERS[1],
  };
  const project = basename(directory).toLowerCase();
  const compose = async (...args: readonly string[]): Promise<void> => {
    const file = join(__dirname, 'kafka.compose.yaml');
    await runProgram('docker', ['compose', '-p', project, '-f', file, ...args], { timeoutMs: KAFKA_WITHIN_MS, env });
  };
  const start = () => compose('up', '--detach');
  await start();
  return { start, kill: () => compose('kill'), remove: () => compose('down', '--volumes') };
}
