import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, rename } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory, type Environment, PLATFORM, withScratchDirectory } from '../src/dev/temporal-server/cli-cache';

/** A release of somebody else's image, as its programs and files are had without it: built from its Go module. */
interface Release {
  readonly module: string;
  /** Packages of the module, by the program that each becomes. */
  readonly programs: Readonly<Record<string, string>>;
  /** Files and folders of the module that its images have, by where they are kept. */
  readonly files: Readonly<Record<string, string>>;
}

const RELEASES = {
  'temporal-server': {
    module: 'go.temporal.io/server',
    programs: { 'temporal-server': 'cmd/server', 'temporal-sql-tool': 'cmd/tools/sql' },
    files: { schema: 'schema/postgresql/v12' },
  },
  'temporal-ui': {
    module: 'github.com/temporalio/ui-server/v2',
    programs: { 'ui-server': 'cmd/server' },
    files: { config: 'config/docker.yaml' },
  },
} as const satisfies Readonly<Record<string, Release>>;

export type ReleaseName = keyof typeof RELEASES;

/** Where a release is kept: `temporal-server-1.32.0-linux-x64` in the cache. It is there whole, or not at all. */
export function releaseFolder(env: Environment, name: ReleaseName, version: string): string {
  return join(cacheDirectory(env), `${name}-${version}-${PLATFORM}`);
}

export const isBuilt = existsSync;

/**
 * Builds a release with Go where the cache has none: minutes, once.
 * @returns its folder
 * @throws {Error} with what Go said
 */
export async function buildRelease(
  env: Environment,
  name: ReleaseName,
  version: string,
  say: (line: string) => void,
): Promise<string> {
  const folder = releaseFolder(env, name, version);
  if (isBuilt(folder)) return folder;
  const { module, programs, files }: Release = RELEASES[name];
  say(`building ${name} ${version} with Go from ${module}, once; it takes some minutes and is kept in ${folder}`);
  await withScratchDirectory(cacheDirectory(env), async (scratch) => {
    const source = join(scratch, 'module');
    const built = join(scratch, 'built');
    await mkdir(source);
    await mkdir(built);
    const go = (...args: readonly string[]) => runGo(args, source, env);
    await go('mod', 'init', 'build');
    await go('get', ...Object.values(programs).map((path) => `${module}/${path}@v${version}`));
    for (const [program, path] of Object.entries(programs)) {
      say(`building ${program}`);
      await go('build', '-ldflags', '-s -w', '-o', join(built, program), `${module}/${path}`);
    }
    const sources = (await go('list', '-m', '-f', '{{.Dir}}', module)).trim();
    for (const [to, from] of Object.entries(files)) await copy(join(sources, from), join(built, to));
    // Somebody else may have been faster.
    await rename(built, folder).catch((error) => {
      if (!isBuilt(folder)) throw error;
    });
  });
  return folder;
}

/** Go's module cache is read-only, and what is copied from it must be removable. */
async function copy(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, mode: 0 });
  await run('chmod', ['-R', 'u+w', to], {});
}

function runGo(args: readonly string[], cwd: string, env: Environment): Promise<string> {
  // A Go that is too old fetches the toolchain that the module asks for.
  return run('go', args, { cwd, env: { ...env, CGO_ENABLED: '0', GOTOOLCHAIN: 'auto', GOWORK: 'off' } });
}

async function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Environment },
): Promise<string> {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr = `${stderr}${chunk.toString()}`.slice(-4_000)));
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  const ended = await new Promise<string | number | null>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', resolve);
  });
  if (ended === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')}: ${ended}\n${stderr.trim()}\n(Go 1.21 or newer has to be on PATH)`);
}
