import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { writeConfig } from '../support/bin-config';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { builtBin } from '../support/jobherald';
import { realTemporalConfig } from '../support/real-temporal';

const ROOT = join(__dirname, '../..');
const MB = 1_000_000;

/** Top-level packages that `npm ci --omit=dev` installs here. */
function productionPackages(): readonly string[] {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  return Object.entries<{ dev?: true }>(lock.packages)
    .filter(([path, { dev }]) => path !== '' && !dev && path.lastIndexOf('node_modules/') === 0)
    .map(([path]) => path)
    .filter((path) => existsSync(join(ROOT, path)));
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

/** What the Dockerfile copies into its last stage, put together of the packages that are installed here. */
function imageContents(): string {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const image = mkdtempSync(join(ROOT, '.cache/image-'));
  for (const path of productionPackages()) {
    mkdirSync(dirname(join(image, path)), { recursive: true });
    execFileSync('cp', ['-al', join(ROOT, path), join(image, path)]); // links: what is pruned stays where it is installed
  }
  const { PATH } = process.env;
  execFileSync('sh', [join(ROOT, 'deploy/prune-modules.sh'), join(image, 'node_modules')], {
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${PATH}` },
  });
  cpSync(join(builtBin(), '../../..'), join(image, 'dist'), { recursive: true });
  symlinkSync(join(ROOT, 'package.json'), join(image, 'package.json'));
  return image;
}

describe('deploy/prune-modules.sh', () => {
  let image: string;
  beforeAll(() => {
    image = imageContents();
  });
  afterAll(() => rmSync(image, { recursive: true, force: true }));

  it("keeps one platform's binary of Temporal, and all that is copied into the image under 200 MB", () => {
    expect(readdirSync(join(image, 'node_modules/@temporalio/core-bridge/releases'))).toHaveLength(1);
    expect(sizeOf(image)).toBeLessThan(200 * MB);
    expect(sizeOf(image)).toBeGreaterThan(100 * MB); // nothing is missing of what this test puts together
  });

  it('leaves a worker and a gateway that start', async () => {
    const [worker, gateway] = [await freePort(), await freePort()];
    writeConfig(image, {
      temporal: { address: realTemporalConfig().address },
      worker: { host: '127.0.0.1', port: worker },
      gateway: { host: '127.0.0.1', port: gateway },
    });
    const start = (command: string) =>
      spawn(process.execPath, ['dist/src/cli/main.js', command], { cwd: image, stdio: ['ignore', 'ignore', 'pipe'] });
    const processes = [start('worker'), start('gateway')];
    let said = '';
    for (const { stderr } of processes) stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    try {
      for (const port of [worker, gateway]) {
        await eventually('it is ready', async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok, {
          withinMs: 180_000,
        });
      }
      expect(said).not.toContain('Cannot find module');
    } finally {
      for (const child of processes) child.kill('SIGKILL');
    }
  });
});
