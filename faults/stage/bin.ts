import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** The built bin, as it is installed. */
export const BIN = join(ROOT, 'dist/src/cli/main.js');

/** @throws {Error} where the sources do not compile */
export function build(): void {
  run(['--require', join(ROOT, 'scripts/typescript-hook.js'), join(ROOT, 'scripts/build.ts')], ROOT);
}

/** @throws {Error} with what it said, where it fails */
export function setUp(config: string, cwd: string): void {
  run([BIN, 'setup', '--config', config], cwd);
}

function run(args: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`);
}

/** Whether the process that serves there says that it is ready. */
export async function isReady(origin: string): Promise<boolean> {
  try {
    const response = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
