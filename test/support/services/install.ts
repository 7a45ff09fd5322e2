import { execFile } from 'node:child_process';
import { accessSync, constants, globSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How long a service may take to start where it has to be installed first. */
export const INSTALLED_WITHIN_MS = 600_000;

export interface Program {
  readonly name: string;
  /** Debian's package that has it. */
  readonly debian: string;
  /** Where it lies apart from PATH; patterns as of a shell. */
  readonly folders?: readonly string[];
}

/**
 * The program's path. Where it is missing, Debian's package is installed, which only root can.
 * @throws {Error} that says what to install
 */
export async function programPath(program: Program): Promise<string> {
  const found = find(program);
  if (found !== undefined) return found;
  const failure = await install(program.debian).catch((error: Error) => error);
  const installed = find(program);
  if (installed !== undefined) return installed;
  throw new Error(`no ${program.name}: install Debian's package ${program.debian}, or put the program on PATH`, {
    cause: failure,
  });
}

function find({ name, folders = [] }: Program): string | undefined {
  const inFolders = folders.flatMap((folder) => globSync(join(folder, name)).sort().reverse());
  const onPath = (process.env['PATH'] ?? '').split(':').map((folder) => join(folder, name));
  return [...inFolders, ...onPath].find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function install(debian: string): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error(`only root can run: apt-get install ${debian}`);
  // Test files run beside each other; a second apt-get waits for the first.
  const options = ['-o', 'DPkg::Lock::Timeout=120', '-qq'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', [...options, 'update'], { env });
  await run('apt-get', [...options, 'install', '-y', '--no-install-recommends', debian], { env });
}
