import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { builtBin } from '../support/jobherald';

const MEMORY_SETTINGS = JSON.stringify(builtBin().replace(/main\.js$/, 'memory-settings.js'));
const SHOW = `console.log(JSON.stringify({
  pid: process.pid, flags: process.execArgv, options: process.env.NODE_OPTIONS, arenas: process.env.MALLOC_ARENA_MAX }))`;

/** What a process is once it has made its memory settings, as `main.js` has it make them. */
async function startedWith(command: string, env: Readonly<Record<string, string>> = {}) {
  const { NODE_OPTIONS: _, MALLOC_ARENA_MAX: __, ...own } = process.env;
  const script = `require(${MEMORY_SETTINGS}).useMemorySettings('${command}'); ${SHOW}`;
  const child = spawn(process.execPath, ['-e', script], {
    env: { ...own, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  await once(child, 'close');
  return { ...JSON.parse(text), isSameProcess: JSON.parse(text).pid === child.pid };
}

describe('the memory settings of a worker', () => {
  it('are made by the same process, once', async () => {
    const { flags, arenas, isSameProcess } = await startedWith('worker');
    expect(flags).toEqual(expect.arrayContaining(['--max-semi-space-size=8']));
    expect({ arenas, isSameProcess }).toEqual({ arenas: '2', isSameProcess: true });
  });

  it('leave alone what the environment has chosen', async () => {
    const env = { NODE_OPTIONS: '--max-semi-space-size=4', MALLOC_ARENA_MAX: '1' };
    const { flags, options, arenas } = await startedWith('worker', env);
    expect(flags).not.toEqual(expect.arrayContaining(['--max-semi-space-size=8']));
    expect({ options, arenas }).toEqual({ options: '--max-semi-space-size=4', arenas: '1' });
  });

  it('are not made where the environment says so, nor by another command', async () => {
    expect((await startedWith('worker', { JOBHERALD_MEMORY_SETTINGS: '0' })).arenas).toBeUndefined();
    expect((await startedWith('submit')).arenas).toBeUndefined();
  });
});
