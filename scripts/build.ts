/**
 * Builds dist/: compiled code with its types, the workflows as one bundle, and the bin made executable and linked; and
 * the dist/ of each package in packages/.
 * Does nothing where dist/ was built from these very files, so that every script that needs a build may call it.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { buildPackage, copyLicence, PACKAGES } from './build-packages';

const ROOT = join(__dirname, '..');
const DIST = join(ROOT, 'dist');
/** Built aside and then put in place: a build that fails, or runs twice at once, leaves no half of a dist/. */
const STAGE = join(ROOT, '.cache', `build-${process.pid}`);
const STAMP = 'built-from.sha256';

const INPUTS = [
  '{src,workflows,activities,schemas}/**/*.{ts,json}',
  'tsconfig*.json',
  'package-lock.json',
  'scripts/build*.ts',
  'packages/*/package.json',
];

/** An image is built without packages/. */
const packages = PACKAGES.filter(({ name }) => existsSync(join(ROOT, 'packages', name, 'package.json')));
const distOf = (name: string) => join(ROOT, 'packages', name, 'dist');

async function main(): Promise<void> {
  const inputs = hashOfInputs();
  const stamp = join(DIST, STAMP);
  const isThere = existsSync(stamp) && packages.every(({ name }) => existsSync(distOf(name)));
  if (!isThere || readFileSync(stamp, 'utf8') !== inputs) await build(inputs);
  linkBin();
}

async function build(inputs: string): Promise<void> {
  mkdirSync(STAGE, { recursive: true });
  try {
    compile();
    await bundleWorkflows();
    chmodSync(join(STAGE, 'src/cli/main.js'), 0o755);
    for (const each of packages) await buildPackage(each, STAGE, `${STAGE}-${each.name}`);
    writeFileSync(join(STAGE, STAMP), inputs);
    for (const { name } of packages) {
      copyLicence(join(ROOT, 'packages', name));
      putInPlace(`${STAGE}-${name}`, distOf(name));
    }
    putInPlace(STAGE, DIST);
  } finally {
    for (const stage of [STAGE, ...PACKAGES.map(({ name }) => `${STAGE}-${name}`)]) {
      rmSync(stage, { recursive: true, force: true });
      rmSync(`${stage}-old`, { recursive: true, force: true });
    }
  }
}

/**
 * npm links the bins of dependencies, and not the project's own: with this `npx jobherald` works in a clone as it does
 * where the package is installed. Not on Windows, whose links are scripts of npm's own making.
 */
function linkBin(): void {
  if (process.platform === 'win32') return;
  try {
    symlinkSync('../../dist/src/cli/main.js', join(ROOT, 'node_modules/.bin/jobherald'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') process.stderr.write(`npx jobherald will not work here: ${message}\n`);
  }
}

function hashOfInputs(): string {
  const hash = createHash('sha256');
  for (const file of globSync(INPUTS, { cwd: ROOT }).sort())
    hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex');
}

function compile(): void {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', STAGE];
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new Error('dist/ is as it was: the sources do not compile');
}

async function bundleWorkflows(): Promise<void> {
  const silent = () => undefined;
  const { bundleWorkflows: bundle } = require(join(STAGE, 'src/temporal/workflow-bundle.js'));
  const say = (message: string) => process.stderr.write(`${message}\n`);
  const logger = { log: silent, trace: silent, debug: silent, info: silent, warn: say, error: say };
  const { code } = await bundle(logger);
  writeFileSync(join(STAGE, 'workflow-bundle.js'), code);
}

function putInPlace(stage: string, dist: string): void {
  const retired = `${stage}-old`;
  for (let tries = 0; ; tries++) {
    try {
      if (existsSync(dist)) renameSync(dist, retired);
      renameSync(stage, dist);
      return;
    } catch (error) {
      // Another build put its own there in between.
      if (tries === 3) throw error;
      rmSync(retired, { recursive: true, force: true });
    }
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
