import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load-config';
import { parseSecretKey } from '../../src/domain/secret-key';
import { closeGateways, startGateway } from '../gateway/harness';
import { batchEvent } from '../providers/tencent-batch/events';
import { eventually } from '../support/eventually';
import { temporaryDirectory } from '../support/temporary-directory';
import { TEST_SECRET } from '../support/test-config';

const ROOT = join(__dirname, '../..');
const HOOK = join(ROOT, 'scripts/typescript-hook.js');
const EXAMPLE = join(ROOT, 'examples/tencent-batch');

describe('the tencent-batch example', () => {
  afterEach(closeGateways);

  it('has a configuration without faults', () => {
    const env = {
      TENCENTCLOUD_SECRET_ID: 'AKIDexample',
      TENCENTCLOUD_SECRET_KEY: 'a-key',
      TENCENT_CALLBACK_TOKEN: '0123456789abcdef',
      WEBHOOK_SECRET: TEST_SECRET,
    };
    const config = loadConfig({ file: 'jobherald.yaml', env, cwd: EXAMPLE });
    expect(config.endpoints).toMatchObject([{ name: 'job-message', format: 'tencent-batch' }]);
  });

  const submit = (args: readonly string[], origin: string) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const command = ['--require', HOOK, join(EXAMPLE, 'submit-job.js'), ...args];
      const options = { env: { PATH: process.env['PATH'], JOBHERALD_URL: origin } };
      execFile(process.execPath, command, options, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      );
    });

  it('submits a job with its notifications', async () => {
    const { origin, jobs } = await startGateway();
    const { code, stdout, stderr } = await submit(['job-8hrvpkow'], origin);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^submitted: job-8hrvpkow\nstate PENDING, waiting\nhttp/);
    expect(jobs.calls).toMatchObject([
      { method: 'submit', submission: { notifications: [{ topic_name: 'job-message' }] } },
    ]);
  });

  it('says where a name is wrong, and which is right', async () => {
    const { origin } = await startGateway();
    const directory = await temporaryDirectory();
    const file = join(directory.path, 'notifications.json');
    writeFileSync(file, '[{"topic_name": "job-message", "event_configs": [{"event_name": "JobFailed"}]}]');
    const { code, stderr } = await submit(['job-8hrvpkow', file], origin);
    await directory.remove();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^\/notifications\/0\/event_configs\/0\/event_name: .*did you mean JOB_FAILED\?/);
  });
});

describe('the receiver of the tencent-batch example', () => {
  let receiver: ChildProcess;
  let output = '';
  let url: string;

  beforeAll(async () => {
    const env = { PATH: process.env['PATH'], WEBHOOK_SECRET: TEST_SECRET, PORT: '0' };
    receiver = spawn(process.execPath, ['--require', HOOK, join(EXAMPLE, 'receiver.js')], { env });
    receiver.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    url = await eventually('it listens', () => /receiving at (\S+)/.exec(output)?.[1]);
  });
  afterAll(async () => {
    const closed = new Promise((resolve) => receiver.once('close', resolve));
    receiver.kill('SIGKILL');
    await closed;
  });
  beforeEach(() => {
    output = '';
  });

  /** Signed as Standard Webhooks says, written here a second time. */
  const post = async (id: string, event: object): Promise<number> => {
    const key = parseSecretKey(TEST_SECRET);
    if (key.kind !== 'whsec') throw new Error('a symmetric key is needed');
    const body = JSON.stringify({ Events: [event] });
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', key.bytes).update(`${id}.${timestamp}.${body}`).digest('base64');
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
    return (await fetch(url, { method: 'POST', headers, body })).status;
  };

  it('prints an event once, with its vars', async () => {
    const event = batchEvent('JOB_SUCCEED', { JobId: 'job-1' }, [{ Name: 'team', Value: 'orders' }]);
    expect([await post('a', event), await post('a', event)]).toEqual([200, 200]);
    await eventually('it is printed', () => output.includes('\n'));
    expect(output).toBe('job-1 has succeeded team=orders\n');
  });

  it('warns of a job that still bills, and leaves alone what it has no word for', async () => {
    expect(await post('b', batchEvent('TASK_RUNNING', { JobId: 'job-1' }))).toBe(200);
    expect(await post('c', batchEvent('JOB_FAILED_INTERRUPTED', { JobId: 'job-1', StateReason: 'exit code 1' }))).toBe(
      200,
    );
    await eventually('it is printed', () => output.includes('\n'));
    expect(output).toBe('STILL BILLING: job-1: exit code 1\n');
  });
});
