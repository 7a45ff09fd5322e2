import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../support/free-port';
import { realTemporalConfig } from '../support/real-temporal';
import { runCommand } from '../support/run-command';
import { temporaryDirectory } from '../support/temporary-directory';

describe('--direct', () => {
  const { address, taskQueue } = realTemporalConfig();
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  const jh = (...args: string[]) => runCommand(args, { cwd: directory.path, env: { ADDRESS: address } });

  beforeAll(async () => {
    directory = await temporaryDirectory();
    await writeFile(
      join(directory.path, 'jobherald.yaml'),
      `temporal: { address: "\${ADDRESS}", task_queue: ${taskQueue} }
endpoints: [{ name: orders, url: https://orders.example.com/ }]`,
    );
    await writeFile(join(directory.path, 'bad.yaml'), 'endpoints: [{ name: orders }]\ngateway: { port: x }');
    await writeFile(join(directory.path, 'away.yaml'), `temporal: { address: 127.0.0.1:${await freePort()} }`);
  });
  afterAll(() => directory.remove());

  it('speaks to Temporal without a gateway', async () => {
    const job = `projects/1/locations/us-central1/customJobs/${Date.now()}`;
    const submitted = await jh('submit', 'vertex-ai', job, '--endpoint', 'orders', '--direct', '--json');
    expect([submitted.code, submitted.stderr]).toEqual([0, '']);
    expect(JSON.parse(submitted.stdout)).toMatchObject({ job, phase: 'waiting' });
    const status = await jh('status', 'vertex-ai', job, '--config', 'jobherald.yaml');
    expect(status.stdout).toContain(`vertex-ai ${job}`);
    expect((await jh('complete', 'vertex-ai', job, '--direct')).code).toBe(0);
    const listed = await jh('list', 'this is no query', '--direct');
    expect([listed.code, listed.stderr]).toEqual([
      1,
      expect.stringMatching(/^jobherald: Temporal refuses this query.*\n$/),
    ]);
  });

  it('names every fault of the configuration, with exit code 2', async () => {
    const { code, stdout, stderr } = await jh('list', '--direct', '--config', 'bad.yaml');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^\/endpoints\/0\/url: .*$/m);
    expect(stderr).toMatch(/^\/gateway\/port: .*$/m);
  });

  it('says in one line that Temporal is not there', async () => {
    const { code, stderr } = await jh('list', '--direct', '--config', 'away.yaml');
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^jobherald: cannot reach Temporal at .*temporal\.address.*--config.*\n$/),
    ]);
  });
});
