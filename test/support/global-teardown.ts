import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KAFKA_DIRECTORY, RUNNING, type RunningKafka } from './services/kafka/test-run';

/** Ends what global-setup.ts started, and what test files have started for each other. */
module.exports = async function globalTeardown(): Promise<void> {
  await globalThis.jobheraldTestServer?.stop();
  await rm(process.env['JOBHERALD_TEST_BUNDLE'] ?? '', { force: true });
  await endKafka(process.env[KAFKA_DIRECTORY] ?? '');
};

async function endKafka(shared: string): Promise<void> {
  const file = join(shared, RUNNING);
  if (existsSync(file)) {
    const { endCommand, directory } = JSON.parse(readFileSync(file, 'utf8')) as RunningKafka;
    const [program = '', ...args] = endCommand;
    execFileSync(program, args, { stdio: 'ignore' });
    await rm(directory, { recursive: true, force: true });
  }
  await rm(shared, { recursive: true, force: true });
}
