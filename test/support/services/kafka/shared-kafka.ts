import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../eventually';
import { KAFKA_WITHIN_MS } from './admin';
import { startKafka } from './kafka';
import { KAFKA_DIRECTORY, KAFKA_OWNER, RUNNING, type RunningKafka, type SharedKafka } from './test-run';

/**
 * The broker of this test run: started by the first test file that needs it, ended by global-teardown.ts. Topics are
 * told apart by their names, so every test makes its own.
 */
export async function sharedKafka(): Promise<SharedKafka> {
  const directory = process.env[KAFKA_DIRECTORY];
  if (directory === undefined) throw new Error('no test run: call startKafka() instead');
  const file = join(directory, RUNNING);
  if (isFirst(directory)) {
    const {
      broker,
      saslBroker,
      endCommand,
      directory: data,
    } = await startKafka({ owner: Number(process.env[KAFKA_OWNER]) }).catch((error: Error) => {
      writeFileSync(join(directory, 'failure'), error.message);
      throw error;
    });
    const running: RunningKafka = { broker, saslBroker, endCommand, directory: data };
    writeFileSync(`${file}.new`, JSON.stringify(running));
    renameSync(`${file}.new`, file);
  }
  const look = () => existsSync(file) || existsSync(join(directory, 'failure'));
  await eventually('another test file has started Kafka', look, { withinMs: KAFKA_WITHIN_MS });
  if (!existsSync(file)) throw new Error(readFileSync(join(directory, 'failure'), 'utf8'));
  return JSON.parse(readFileSync(file, 'utf8')) as RunningKafka;
}

function isFirst(directory: string): boolean {
  try {
    mkdirSync(join(directory, 'started'));
    return true;
  } catch {
    return false;
  }
}
