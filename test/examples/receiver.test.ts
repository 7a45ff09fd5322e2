import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { parseSecretKey } from '../../src/domain/secret-key';
import { eventually } from '../support/eventually';
import { TEST_SECRET } from '../support/test-config';

const ROOT = join(__dirname, '../..');
const BODY = JSON.stringify({ type: 'job.succeeded', data: { provider: 'vertex-ai', job: 'p/1', state: 'COMPLETED' } });

/** Headers as Standard Webhooks says, written here a second time. */
function signed(id: string, body: string): Record<string, string> {
  const key = parseSecretKey(TEST_SECRET);
  if (key.kind !== 'whsec') throw new Error('a symmetric key is needed');
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', key.bytes).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

describe('the receiver example', () => {
  let receiver: ChildProcess;
  let output = '';
  let url: string;
  const post = (headers: Record<string, string>, body = BODY) => fetch(url, { method: 'POST', headers, body });
  const lines = () => output.split('\n').filter((line) => line.startsWith('job.'));

  beforeAll(async () => {
    const command = [
      '--require',
      join(ROOT, 'scripts/typescript-hook.js'),
      join(ROOT, 'examples/receiver/receiver.js'),
    ];
    const env = { PATH: process.env['PATH'], WEBHOOK_SECRET: TEST_SECRET, PORT: '0' };
    receiver = spawn(process.execPath, command, { env });
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

  it('handles an event once, however often and however closely it is sent', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(signed('a', BODY))));
    answers.push(await post(signed('a', BODY)));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    await eventually('it was handled', () => lines().length > 0);
    expect(lines()).toEqual(['job.succeeded vertex-ai p/1 COMPLETED']);
  });

  it('refuses what is not signed, and names the code', async () => {
    const answer = await post(signed('b', BODY), BODY.replace('COMPLETED', 'FAILED'));
    expect([answer.status, await answer.text()]).toEqual([401, expect.stringMatching(/^wrong_key: /)]);
    expect((await post({})).status).toBe(401);
    expect(lines()).toEqual([]);
  });

  it('asks for another attempt of what it could not handle, and takes that', async () => {
    const broken = '{"type":';
    expect((await post(signed('c', broken), broken)).status).toBe(500);
    expect((await post(signed('c', BODY))).status).toBe(200);
    await eventually('it was handled', () => lines().length === 1);
  });

  it('refuses a body that is too large, and other methods than POST', async () => {
    const large = 'x'.repeat(1024 * 1024 + 1);
    expect((await post(signed('d', large), large)).status).toBe(413);
    expect((await fetch(url)).status).toBe(405);
  });
});
