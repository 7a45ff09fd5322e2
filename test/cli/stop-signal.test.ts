import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { builtBin } from '../support/jobherald';

const STOP_SIGNAL = JSON.stringify(builtBin().replace(/main\.js$/, 'stop-signal.js'));

/** A process that has got as far as `main.js` gets before anything is loaded. */
async function loading(command: string): Promise<{ kill(signal: NodeJS.Signals): Promise<number | null> }> {
  const script = `require(${STOP_SIGNAL}).stopBeforeStart('${command}'); console.log('loading'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    async kill(signal) {
      child.kill(signal);
      const [code] = await once(child, 'exit');
      return code as number | null;
    },
  };
}

describe('a command that is stopped while it is still being loaded', () => {
  it.each(['dev', 'worker', 'gateway'])('has stopped well where it is a long-running one: %s', async (command) => {
    expect(await (await loading(command)).kill('SIGTERM')).toBe(0);
    expect(await (await loading(command)).kill('SIGINT')).toBe(0);
  });

  it('was broken off where it is another', async () => {
    expect(await (await loading('submit')).kill('SIGTERM')).toBeNull();
  });
});

it('stops a command also where the signal came while it was being loaded, which let nothing else happen', async () => {
  const script = `
    const { stopBeforeStart, stopSignal } = require(${STOP_SIGNAL});
    stopBeforeStart('worker');
    require('node:fs').writeSync(1, 'loading');
    const began = Date.now();
    while (Date.now() - began < 1_000);
    stopSignal().signal.addEventListener('abort', () => process.exit(0));
    setTimeout(() => process.exit(3), 60_000);`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  expect((await once(child, 'exit'))[0]).toBe(0);
});
