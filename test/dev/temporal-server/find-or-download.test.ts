import { existsSync } from 'node:fs';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findOrDownload, type Program } from '../../../src/dev/temporal-server/find-or-download';
import { rememberingLog } from '../../support/logs';
import { temporaryDirectory } from '../../support/temporary-directory';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let cache: string;
let downloads: number;

beforeEach(async () => {
  directory = await temporaryDirectory();
  cache = join(directory.path, 'cache');
  downloads = 0;
});
afterEach(() => directory.remove());

/** A program that lies in the cache once it has been downloaded, each step of which takes as long as said. */
function program({ findMs = 0, downloadMs = 0 }): Program {
  const file = join(cache, 'program');
  return {
    name: 'The program',
    installed: [],
    cache: {
      directory: cache,
      find: async () => {
        await sleep(findMs);
        if (!existsSync(file)) throw new Error('nothing there');
        return file;
      },
    },
    downloads: [
      {
        name: 'the download',
        find: async () => {
          downloads += 1;
          await sleep(downloadMs);
          await writeFile(file, '');
          return file;
        },
      },
    ],
    downloading: 'downloading the program',
    advice: 'Install it.',
  };
}

test('says nothing of a download where the cache has the program, however long the cache takes', async () => {
  await mkdir(cache);
  await writeFile(join(cache, 'program'), '');
  const log = rememberingLog();

  await findOrDownload(program({ findMs: 2_200 }), log);

  expect({ lines: log.lines, downloads }).toEqual({ lines: [], downloads: 0 });
});

test('says that it downloads where that takes time', async () => {
  const log = rememberingLog();

  await findOrDownload(program({ downloadMs: 2_200 }), log);

  expect(log.lines).toEqual(['info downloading the program: the download']);
});

test('of two processes that look at once, one downloads and the other says that it waits', async () => {
  const log = rememberingLog();

  const search = () => findOrDownload(program({ downloadMs: 300 }), log);
  const found = await Promise.all([search(), search()]);

  expect(found).toEqual([join(cache, 'program'), join(cache, 'program')]);
  expect(downloads).toBe(1);
  expect(log.lines).toContain(`info another process downloads to ${cache}, waiting for it`);
  expect(await readdir(cache)).toEqual(['program']);
});

test('the lock of a killed process holds up nobody', async () => {
  await mkdir(cache);
  const lock = join(cache, 'downloading.lock');
  await writeFile(lock, '');
  const long = new Date(Date.now() - 16_000);
  await utimes(lock, long, long);

  expect(await findOrDownload(program({}), rememberingLog())).toBe(join(cache, 'program'));
});
