import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';

const SOURCE = require.resolve('../../../src/dev/temporal-server/end-with-parent');

/** Says something about a child of its own, and lives on; the child shares its stdout. */
const PARENT = `
const child = spawn('sleep', ['1000'], { stdio: ['ignore', 'inherit', 'ignore'] });
const release = endWithParent(child.pid);
child.on('exit', (_, signal) => { release(); console.log('ended with', signal); process.exit(); });
console.log(child.pid);
`;

let leftover: number | undefined;

afterEach(() => {
  if (leftover === undefined) return;
  try {
    process.kill(leftover, 'SIGKILL');
  } catch {
    // It has ended, as it should.
  }
  leftover = undefined;
});

async function startParent(): Promise<{ readonly parent: ChildProcess; readonly stdout: Readable; childPid: number }> {
  const program = (await readFile(SOURCE, 'utf8')) + PARENT;
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(parent.stdout, 'data');
  leftover = Number(line);
  return { parent, stdout: parent.stdout, childPid: leftover };
}

test.each(['SIGKILL', 'SIGTERM'] as const)('a process ends when its parent dies of %s', async (signal) => {
  const { parent, stdout } = await startParent();

  parent.kill(signal);

  // Closed only when the last process that holds it is gone: the child.
  const closed = once(stdout.resume(), 'close', { signal: AbortSignal.timeout(60_000) });
  await expect(closed).resolves.toBeDefined();
});

test('a process that ends by itself leaves nothing behind that would keep its parent from ending', async () => {
  const { parent, stdout, childPid } = await startParent();

  process.kill(childPid, 'SIGINT');

  const [words] = await once(stdout, 'data');
  expect(String(words)).toBe('ended with SIGINT\n');
  await once(parent, 'exit');
});
