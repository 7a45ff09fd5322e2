import { type Start, startSmall } from '../../src/cli/start-small';

const START: Start = {
  platform: 'linux',
  execPath: '/usr/bin/node',
  execArgv: ['--enable-source-maps'],
  command: ['/app/main.js', 'worker'],
  env: { PATH: '/usr/bin' },
  hasChannel: false,
};

test.each([
  ['worker', '2'],
  ['gateway', '1'],
])('a %s starts anew with little room for garbage, and all else as it was', (name, pools) => {
  const options = ['--heap-growing-percent=20', '--max-semi-space-size=4'];
  const command = ['/app/main.js', name, '--config', 'worker'];
  expect(startSmall({ ...START, command })).toEqual([
    '/usr/bin/node',
    ['/usr/bin/node', ...options, '--enable-source-maps', ...command],
    { PATH: '/usr/bin', MALLOC_ARENA_MAX: pools, MALLOC_TRIM_THRESHOLD_: '131072' },
  ]);
});

test('what is over in a moment stays as it is', () => {
  expect(startSmall({ ...START, command: ['/app/main.js', 'status', 'worker'] })).toBeUndefined();
});

test('starts anew once only', () => {
  const [, [, ...args], env] = startSmall(START) as NonNullable<ReturnType<typeof startSmall>>;
  const execArgv = args.filter((arg) => arg.startsWith('--'));
  expect(startSmall({ ...START, execArgv, env })).toBeUndefined();
});

test('what an operator has chosen stays', () => {
  expect(startSmall({ ...START, env: { NODE_OPTIONS: '--max-semi-space-size=64' } })).toBeUndefined();
  expect(startSmall({ ...START, env: { MALLOC_ARENA_MAX: '8' } })?.[2]).toMatchObject({ MALLOC_ARENA_MAX: '8' });
});

test('a process that cannot be replaced stays as it is', () => {
  expect(startSmall({ ...START, platform: 'win32' })).toBeUndefined();
  expect(startSmall({ ...START, hasChannel: true })).toBeUndefined();
});
