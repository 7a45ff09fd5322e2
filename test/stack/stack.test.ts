import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { anyJob } from '../support/bin-config';
import { eventually } from '../support/eventually';
import { builtBin } from '../support/jobherald';
import { lacksReleases } from '../support/stack';
import { temporaryDirectory } from '../support/temporary-directory';

const ROOT = join(__dirname, '../..');
const lacks = lacksReleases();
const itWithReleases = lacks === undefined ? it : it.skip;
const unless = lacks === undefined ? '' : ` (skipped: ${lacks})`;

/** As npm runs it. */
function startStack(directory: string) {
  builtBin();
  const args = ['--require', join(ROOT, 'scripts/typescript-hook.js'), join(ROOT, 'stack/run.ts')];
  const child = spawn(process.execPath, [...args, '--free-ports', '--directory', directory], { cwd: ROOT });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => (stdout += data));
  child.stderr.on('data', (data) => (stderr += data));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}

/** Processes of this machine that were given a file of the directory, or run in it. */
function processesOf(directory: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        return line.includes(directory) || environment.includes(directory) ? [line] : [];
      } catch {
        return [];
      }
    });
}

describe('npm run stack', () => {
  itWithReleases(
    `runs every service of docker-compose.yml, takes a job, and leaves nothing behind after Ctrl-C${unless}`,
    async () => {
      const folder = await temporaryDirectory();
      const stack = startStack(folder.path);
      try {
        await eventually('it is ready', () => stack.stdout().includes('ready after') || stack.child.exitCode !== null, {
          withinMs: 300_000,
        });
        const said = stack.stderr();
        expect({ said, order: [...said.matchAll(/^starting (.*)$/gm)].map(([, name]) => name) }).toMatchObject({
          order: ['postgresql', 'temporal-schema', 'temporal', 'temporal-ui', 'setup', 'worker', 'gateway'],
        });
        const [gateway = '', ui = ''] = stack.stdout().match(/http:\/\/[\d.:]+/g) ?? [];
        const token = parseEnv(readFileSync(join(folder.path, '.env'), 'utf8'))['JOBHERALD_TOKEN'];
        const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
        const job = anyJob();
        const body = JSON.stringify({ provider: 'vertex-ai', job, endpoints: ['orders'] });
        expect((await fetch(`${gateway}/v1/jobs`, { method: 'POST', headers, body })).status).toBe(201);
        await eventually('the job is listed', async () => {
          const list = await fetch(`${gateway}/v1/jobs`, { headers });
          return (await list.text()).includes(job);
        });
        expect((await fetch(`${gateway}/v1/jobs`)).status).toBe(401);
        await eventually('the Web UI serves', async () => (await fetch(ui)).ok);
        expect(said).not.toContain('is started again');
      } finally {
        stack.child.kill('SIGINT');
      }
      expect(await stack.ended).toBe(0);
      expect(processesOf(folder.path)).toEqual([]);
      await folder.remove();
    },
    600_000,
  );
});
