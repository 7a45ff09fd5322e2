import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { startVertexAiEmulator } from '../../src/dev/emulators/vertex-ai/emulator';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import { closeGateways, JOB, startGateway } from '../gateway/harness';
import { eventually } from '../support/eventually';

const ROOT = join(__dirname, '../..');
const HOOK = join(ROOT, 'scripts/typescript-hook.js');
const EXAMPLE = join(ROOT, 'examples/submit-job');

function submitJob(args: readonly string[], env: Record<string, string>) {
  const options = { env: { PATH: process.env['PATH'], ...env } };
  const command = ['--require', HOOK, join(EXAMPLE, 'submit-job.js'), ...args];
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, command, options, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

describe('the submit-job example', () => {
  afterEach(closeGateways);

  it('submits a job, and finds it when run again', async () => {
    const { origin, jobs } = await startGateway({ tokens: [{ name: 'ci', token: 'a-token' }] });
    const env = { JOBHERALD_URL: origin, JOBHERALD_TOKEN: 'a-token' };
    const first = await submitJob(['--endpoint', 'orders', JOB], env);
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toMatch(
      new RegExp(
        `^submitted: ${JOB}\nstate PENDING, waiting; orders will be notified\nhttp://127\\.0\\.0\\.1:8233.*\n$`,
      ),
    );
    expect((await submitJob(['--endpoint', 'orders', JOB], env)).stdout).toMatch(/^submitted before: /);
    expect(jobs.calls).toHaveLength(1);
  });

  it('tries again while the gateway is away', async () => {
    const { origin, jobs, log } = await startGateway();
    jobs.failWith(new JobHeraldError('unavailable', 'Temporal is away'));
    const submitting = submitJob(['--endpoint', 'orders', JOB], { JOBHERALD_URL: origin });
    await eventually('it was refused once', () => log.some(({ code }) => code === 'unavailable'));
    jobs.failWith(undefined);
    const { code, stdout, stderr } = await submitting;
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^submitted: /)]);
    expect(stderr).toContain('Temporal is away; trying again');
  });

  it('creates the job first where it is asked to', async () => {
    const emulator = await startVertexAiEmulator();
    try {
      const { origin, jobs } = await startGateway();
      const parent = 'projects/123456789012/locations/us-central1';
      const create = ['--create', join(EXAMPLE, 'batch-prediction-job.json'), '--parent', parent];
      const env = { JOBHERALD_URL: origin, VERTEX_AI_EMULATOR: emulator.address };
      const { code, stderr } = await submitJob(['--endpoint', 'orders', ...create], env);
      expect([code, stderr]).toEqual([0, '']);
      expect(emulator.calls.map(({ method }) => method)).toEqual(['CreateBatchPredictionJob']);
      const submission = jobs.calls.map((call) => call.method === 'submit' && call.submission)[0];
      expect(submission).toMatchObject({ job: expect.stringContaining(`${parent}/batchPredictionJobs/`) });
    } finally {
      await emulator.close();
    }
  });

  it('says how it is used, and why it was refused', async () => {
    expect(await submitJob([], {})).toMatchObject({ code: 2, stderr: expect.stringContaining('usage:') });
    const { origin } = await startGateway({ tokens: [{ name: 'ci', token: 'a-token' }] });
    const refused = await submitJob(['--endpoint', 'orders', JOB], { JOBHERALD_URL: origin });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('token') });
  });
});
