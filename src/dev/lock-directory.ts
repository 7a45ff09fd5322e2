import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Another `jobherald dev` uses the directory: both would write to one database. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
  readonly code = 'directory_in_use';
}

export interface DirectoryLock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  /** When it was started, as the system counts, lest another process with its number passes for it; '' where unknown. */
  readonly started: string;
}

/**
 * Takes a directory, which is made where it is missing, for this process alone. The lock is a file that names its holder, so
 * that one left by a killed process counts no longer than that lives.
 * @throws {DirectoryInUseError}
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, 'dev.lock');
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, JSON.stringify({ pid: process.pid, started: await startOf(process.pid) } satisfies Holder));
  try {
    for (;;) {
      if (await linked(own, file)) break;
      const found = await readFile(file, 'utf8').catch(() => undefined);
      if (found === undefined) continue; // released just now
      await refuseIfAlive(found, directory);
      await takeAway(file, found, directory);
    }
  } finally {
    await rm(own, { force: true });
  }
  return { release: () => rm(file, { force: true }) };
}

/** Unlike a rename, a link replaces nothing. */
async function linked(own: string, file: string): Promise<boolean> {
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function refuseIfAlive(text: string, directory: string): Promise<void> {
  const { pid, started } = holderOf(text);
  if (!isAlive(pid) || (await startOf(pid)) !== started) return;
  throw new DirectoryInUseError(
    `another jobherald dev (process ${pid}) uses ${directory}; stop it, or start this one in another directory`,
  );
}

/** Removes a lock whose holder is gone, unless another process has taken it over meanwhile. */
async function takeAway(file: string, stale: string, directory: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  await rename(file, aside).catch(() => undefined);
  const taken = await readFile(aside, 'utf8').catch(() => stale);
  if (taken !== stale) await linked(aside, file);
  await rm(aside, { force: true });
  if (taken !== stale) await refuseIfAlive(taken, directory);
}

function holderOf(text: string): Holder {
  try {
    const { pid, started } = JSON.parse(text) as Holder;
    return { pid, started };
  } catch {
    return { pid: 0, started: '' };
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The 22nd field of proc_pid_stat(5), counted behind the name, which may hold spaces. Only Linux has it. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
