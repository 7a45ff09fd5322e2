import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const DAY = 24 * 60 * 60 * 1000;
const PREFIX = 'unfinished-';

/**
 * Calls `use` with a new directory inside `parent` and removes it afterwards. Being inside `parent`, what was made
 * there moves to its place by rename, which two processes may do at once.
 * Directories that killed processes left a day ago or earlier are removed as well.
 */
export async function withScratchDirectory<T>(parent: string, use: (directory: string) => Promise<T>): Promise<T> {
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  const directory = await mkdtemp(join(parent, PREFIX));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(PREFIX));
  await Promise.all(
    names.map(async (name) => {
      const directory = join(parent, name);
      const age = await stat(directory).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      if (age > DAY) await rm(directory, { recursive: true, force: true });
    }),
  );
}
