import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { builtBin } from '../support/jobherald';

const ROOT = join(__dirname, '../..');

export interface Ran {
  readonly code: number | null;
  /** The JSON object of the last line. */
  readonly result: Readonly<Record<string, unknown>>;
  readonly stderr: string;
}

/** Runs `npm run faults` or `npm run soak` as npm does, without npm. */
export async function runScript(script: 'run' | 'soak', args: readonly string[]): Promise<Ran> {
  builtBin(); // so that test files that run beside each other do not build at once
  const hook = join(ROOT, 'scripts/typescript-hook.js');
  const child = spawn(process.execPath, ['--require', hook, join(ROOT, `faults/${script}.ts`), ...args], { cwd: ROOT });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => (stdout += data));
  child.stderr.on('data', (data) => (stderr += data));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const last = stdout.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(`no result: ${stdout}${stderr}`);
  return { code, result: JSON.parse(last), stderr };
}
