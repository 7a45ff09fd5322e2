import { spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * Searches for as long as is wished for a job whose sizes and counts lose an end, by the property that the tests try a few times: see
 * test/fuzz/bounds.test.ts. It needs a Temporal server of its own, so it comes after the soak.
 * @param say gets what Jest says, line by line
 * @returns whether none was found
 */
export async function searchBounds(ms: number, say: (line: string) => void): Promise<boolean> {
  const root = join(__dirname, '../..');
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const child = spawn(process.execPath, [jest, '--maxWorkers=1', 'test/fuzz/bounds.test.ts'], {
    cwd: root,
    env: { ...process.env, JOBHERALD_FUZZ_SECONDS: String(Math.ceil(ms / 1_000)) },
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
