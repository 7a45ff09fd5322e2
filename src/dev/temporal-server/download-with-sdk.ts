import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from './cli-cache';

const BEGIN_WITHIN_MS = 20_000;
const END_WITHIN_MS = 10 * 60_000;
const LOOK_EVERY_MS = 200;

/**
 * The SDK downloads a server only as the first step of starting one, through the process-wide native runtime, which
 * our worker must be the first to install; and its download cannot be cancelled. Hence a program of its own,
 * given as text because it has to run from TypeScript sources (tests) and from the build alike.
 */
const PROGRAM = `
  const [testing, kind, downloadDir, version] = process.argv.slice(1);
  const { TestWorkflowEnvironment } = require(testing);
  TestWorkflowEnvironment[kind]({ server: { executable: { type: 'cached-download', downloadDir, version } } })
    .then((environment) => environment.teardown())
    .catch((error) => { console.error(innermost(error)); process.exitCode = 1; });
  function innermost(error) {
    return error.cause instanceof Error ? innermost(error.cause) : error.message;
  }
`;

export interface SdkDownload {
  /** `createLocal` is the Temporal CLI, `createTimeSkipping` the time-skipping test server. */
  readonly kind: 'createLocal' | 'createTimeSkipping';
  /** A release as the SDK names it (`v1.9.1`), or `default` for the one that fits the SDK. */
  readonly version: string;
  /** An empty directory. */
  readonly directory: string;
  readonly env: Environment;
}

/**
 * Downloads a server the way the Temporal SDK does, from temporal.download, and resolves with its path.
 * @throws {Error} where the download has not begun within 20 seconds or not ended within 10 minutes
 */
export async function downloadWithSdk({ kind, version, directory, env }: SdkDownload): Promise<string> {
  const testing = require.resolve('@temporalio/testing');
  const child = spawn(process.execPath, ['-e', PROGRAM, testing, kind, directory, version], {
    env: { ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-4_000);
  });
  let late: string | undefined;
  const giveUp = (why: string) => {
    late = why;
    child.kill('SIGKILL');
  };
  const watch = setInterval(async () => {
    if ((await readdir(directory).catch(() => [])).length > 0) clearTimeout(begin);
  }, LOOK_EVERY_MS);
  const begin = setTimeout(() => giveUp(`no download began within ${BEGIN_WITHIN_MS / 1000} s`), BEGIN_WITHIN_MS);
  const end = setTimeout(() => giveUp(`took longer than ${END_WITHIN_MS / 60_000} minutes`), END_WITHIN_MS);
  try {
    await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  } finally {
    clearInterval(watch);
    clearTimeout(begin);
    clearTimeout(end);
  }
  // The file counts, not the exit code: a server that was downloaded but too slow to start is still downloaded.
  const file = (await readdir(directory)).find((name) => !name.endsWith('.downloading'));
  if (file === undefined) throw new Error(late ?? reason(words));
  return join(directory, file);
}

/** The SDK says twice which long URL it asked, then why that failed. */
function reason(words: string): string {
  const line = words.trim().split('\n').at(-1) || 'the SDK gave no reason';
  return line.replace(/^.*error sending request for url \([^)]*\): /, 'https://temporal.download: ');
}
