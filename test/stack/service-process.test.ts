import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HostService, serviceProcess } from '../../stack/service-process';
import { eventually } from '../support/eventually';
import { temporaryDirectory } from '../support/temporary-directory';

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
const started: { kill(): Promise<void> }[] = [];
beforeEach(async () => {
  folder = await temporaryDirectory();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((service) => service.kill()));
  await folder.remove();
});

/** A service that is a line of shell; `runs` counts how often it was started. */
function service(script: string, given: Partial<HostService> = {}) {
  const said: string[] = [];
  const process_ = serviceProcess(
    {
      name: 'a service',
      argv: ['/bin/sh', '-c', `echo run >> runs; ${script}`],
      env: { PATH: process.env['PATH'] ?? '' },
      cwd: folder.path,
      log: join(folder.path, 'log'),
      isOneShot: false,
      restarts: Number.POSITIVE_INFINITY,
      stopSignal: 'SIGTERM',
      stopWithinMs: 5_000,
      ...given,
    },
    (line) => said.push(line),
  );
  started.push(process_);
  const runs = () =>
    (existsSync(join(folder.path, 'runs')) ? readFileSync(join(folder.path, 'runs'), 'utf8') : '').split('run').length -
    1;
  return { ...process_, runs, said };
}

const healthcheck = {
  test: ['test', '-e', 'healthy'],
  intervalMs: 100,
  timeoutMs: 5_000,
  startPeriodMs: 0,
  retries: 100,
};

describe('a service of the stack', () => {
  it('is started again whenever it ends, until it is stopped', async () => {
    const one = service('exit 3');
    await one.start();
    await eventually('a third run', () => one.runs() >= 3);
    await one.stop();
    const runs = one.runs();
    expect(one.said[0]).toBe('a service ended with exit code 3, and is started again');
    expect(one.pid()).toBeUndefined();
    await one.start();
    await eventually('it goes on', () => one.runs() > runs);
  });

  it('has started when its health check succeeds', async () => {
    const one = service('sleep 0.3; touch healthy; exec sleep 60', { healthcheck });
    await one.start();
    expect(existsSync(join(folder.path, 'healthy'))).toBe(true);
    expect([one.runs(), one.said]).toEqual([1, []]);
  });

  it('names the program that its health check needs, where that is missing', async () => {
    const one = service('exec sleep 60', {
      healthcheck: { ...healthcheck, test: ['no-such-program'], timeoutMs: 100 },
    });
    await expect(one.start()).rejects.toThrow('has a health check that needs no-such-program on PATH');
  });

  it('that does one thing has started when it has ended well, and is tried as often as it may', async () => {
    await service('exit 0', { isOneShot: true, restarts: 1 }).start();
    const failing = service('exit 1', { isOneShot: true, restarts: 1 });
    await expect(failing.start()).rejects.toThrow(/a service ended with exit code 1; see .*log/);
    expect(failing.said).toHaveLength(1);
  });

  it('that is stopped while it starts has not started, so that nothing after it does', async () => {
    const oneShot = service('exec sleep 60', { isOneShot: true, restarts: 5 });
    const lasting = service('exec sleep 60', { healthcheck });
    const starts = [oneShot.start(), lasting.start()].map((start) => expect(start).rejects.toThrow('was stopped'));
    await eventually('both run', () => oneShot.pid() !== undefined && lasting.pid() !== undefined);
    await Promise.all([oneShot.stop(), lasting.stop()]);
    await Promise.all(starts);
  });

  it('is killed when it has not ended in its time', async () => {
    const one = service('trap "" TERM; touch healthy; while true; do sleep 0.1; done', {
      healthcheck,
      stopWithinMs: 300,
    });
    await one.start();
    await one.stop();
    expect(one.said).toEqual(['a service did not end within 0.3 s of SIGTERM']);
    expect(one.pid()).toBeUndefined();
  });
});
