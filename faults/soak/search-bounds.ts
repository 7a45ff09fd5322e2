import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Where the properties are, and how many: the tests try each a few times. */
const SEARCHES = [
  { file: 'test/fuzz/bounds.test.ts', properties: 1 },
  { file: 'test/fuzz/message-bounds.test.ts', properties: 5 },
] as const;

/**
 * Searches for as long as is wished for a job whose sizes and counts lose an end, half of the time for its own and half for those of its
 * messages. It needs a Temporal server of its own, so it comes after the soak.
 * @param say gets what Jest says, line by line
 * @returns whether none was found
 */
export async function searchBounds(ms: number, say: (line: string) => void): Promise<boolean> {
  let holds = true;
  for (const { file, properties } of SEARCHES) {
    const seconds = Math.ceil(ms / 1_000 / SEARCHES.length / properties);
    holds = (await search(file, seconds, say)) && holds;
  }
  return holds;
}

async function search(file: string, seconds: number, say: (line: string) => void): Promise<boolean> {
  const root = join(__dirname, '../..');
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const child = spawn(process.execPath, [jest, '--maxWorkers=1', file], {
    cwd: root,
    env: { ...process.env, JOBHERALD_FUZZ_SECONDS: String(seconds) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n')) if (line.trim() !== '') say(line);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  return code === 0;
}
