import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../../../../src/dev/temporal-server/run-program';
import { OUTPUT } from './admin';
import { kafkaJars } from './jars';
import type { KafkaPorts, KafkaRunner } from './runner';
import { CLUSTER_ID, SCRAM_USERS, serverProperties } from './server-properties';

/** The compiler and the collector that start fast; a heap that a few small topics need. */
const JAVA = [
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-Xmx384m',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
];

/** Ends the broker when its owner is no more, which the broker itself would not notice. */
const WITH_OWNER = `owner=$1; shift
"$@" & broker=$!
while kill -0 "$owner" 2> /dev/null && kill -0 "$broker" 2> /dev/null; do sleep 1; done
kill -9 "$broker" 2> /dev/null`;

/** A broker as a process group, which ends with this process however that ends. */
export async function startWithJava(ports: KafkaPorts, directory: string): Promise<KafkaRunner> {
  const java = [...JAVA, '-cp', join(await kafkaJars(), '*')];
  const config = join(directory, 'server.properties');
  await writeFile(config, serverProperties(ports, '127.0.0.1', join(directory, 'data')));
  const users = SCRAM_USERS.flatMap((user) => ['--add-scram', user]);
  const format = ['kafka.tools.StorageTool', 'format', '--cluster-id', CLUSTER_ID, '--config', config, ...users];
  await runProgram('java', [...java, ...format], { timeoutMs: 180_000, env: process.env });

  let child: ChildProcess | undefined;
  const start = async () => {
    const output = openSync(join(directory, OUTPUT), 'a');
    const args = ['-c', WITH_OWNER, 'kafka', String(process.pid), 'java', ...java, 'kafka.Kafka', config];
    child = spawn('/bin/sh', args, { cwd: directory, detached: true, stdio: ['ignore', output, output] });
    child.unref();
    closeSync(output);
  };
  const kill = async () => {
    const { pid } = child ?? {};
    if (pid === undefined || child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child?.once('exit', () => resolve()));
    child.ref();
    process.kill(-pid, 'SIGKILL');
    await ended;
  };
  await start();
  return { start, kill, remove: kill };
}
