import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockDirectory } from '../../src/dev/lock-directory';
import { temporaryDirectory } from '../support/temporary-directory';

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  folder = await temporaryDirectory();
});
afterEach(() => folder.remove());

const file = () => join(folder.path, 'dev.lock');

describe('the lock of a directory', () => {
  it('is held by one of several that want it at once, and by another after its release', async () => {
    const wishes = await Promise.allSettled(Array.from({ length: 5 }, () => lockDirectory(folder.path)));
    const [held, ...more] = wishes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(more).toEqual([]);
    expect(wishes.find((each) => each.status === 'rejected')?.reason).toMatchObject({
      code: 'directory_in_use',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await held?.release();
    await (await lockDirectory(folder.path)).release();
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it.each([
    ['a process that is gone', { pid: 2 ** 22 + 1, started: '' }],
    ['an older process with a number that is in use again', { pid: process.pid, started: 'long ago' }],
    ['nobody that can be read', 'torn'],
  ])('is taken from %s', async (_, holder) => {
    writeFileSync(file(), typeof holder === 'string' ? holder : JSON.stringify(holder));
    await lockDirectory(folder.path);
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ pid: process.pid });
    expect(readdirSync(folder.path)).toEqual(['dev.lock']);
  });
});
