import { mkdir, open, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const TOUCH_EVERY_MS = 1_000;
const STALE_AFTER_MS = 15_000;
const LOOK_EVERY_MS = 200;

export interface DownloadLock {
  release(): Promise<void>;
}

/**
 * Waits until no other process downloads into `directory`, which is made where it is missing. The lock is a file that
 * its holder touches each second; one left by a killed process counts for 15 seconds. Two processes that take over such
 * a file at the same moment both download, which costs time only: what they put into the directory is the same.
 * @param onWait called once where there is somebody to wait for
 */
export async function lockDownloads(directory: string, onWait: () => void): Promise<DownloadLock> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, 'downloading.lock');
  for (let waited = false; !(await created(file)); waited = true) {
    if (await isStale(file)) {
      await rm(file, { force: true });
      continue;
    }
    if (!waited) onWait();
    await sleep(LOOK_EVERY_MS);
  }
  const touch = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, TOUCH_EVERY_MS);
  return {
    async release() {
      clearInterval(touch);
      await rm(file, { force: true });
    },
  };
}

async function created(file: string): Promise<boolean> {
  try {
    await (await open(file, 'wx')).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(file: string): Promise<boolean> {
  const touchedAt = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(), // released just now
  );
  return Date.now() - touchedAt > STALE_AFTER_MS;
}
