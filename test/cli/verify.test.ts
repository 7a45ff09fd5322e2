import { createHmac } from 'node:crypto';
import { parseSecretKey } from '../../src/domain/secret-key';
import { runCommand } from '../support/run-command';
import { TEST_SECRET } from '../support/test-config';

const OTHER_SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const ID = '5f2d9d7e-7b9a-5c43-8d0e-2f0a4a2b9c11';
const BODY = '{"type":"job.succeeded"}';

/** Signs as Standard Webhooks says, written here a second time. */
function signed(seconds: number, body: string | Buffer, secret = TEST_SECRET): string {
  const key = parseSecretKey(secret);
  if (key.kind !== 'whsec') throw new Error('a symmetric key is needed');
  return `v1,${createHmac('sha256', key.bytes).update(`${ID}.${seconds}.`).update(body).digest('base64')}`;
}

describe('verify', () => {
  const now = Math.floor(Date.now() / 1000);
  const flags = (seconds = now, body: string | Buffer = BODY) => [
    ...['--id', ID, '--timestamp', String(seconds)],
    ...['--signature', signed(seconds, body)],
  ];
  const verify = (args: readonly string[], stdin: string | Buffer = BODY) => runCommand(['verify', ...args], { stdin });

  it('says that a webhook is genuine, with exit code 0', async () => {
    const sent = new Date(now * 1000).toISOString();
    expect(await verify(['--secret', TEST_SECRET, ...flags()])).toEqual({
      code: 0,
      stdout: `verified: ${ID}, sent ${sent}\n`,
      stderr: '',
    });
  });

  it('takes headers as they came, in any case, and leaves the others alone', async () => {
    const headers = [
      `Webhook-Id: ${ID}`,
      `WEBHOOK-TIMESTAMP:${now}`,
      `webhook-signature: ${signed(now, BODY)}`,
      'x-a: b',
    ];
    const { code } = await verify(['--secret', TEST_SECRET, ...headers.flatMap((header) => ['--header', header])]);
    expect(code).toBe(0);
  });

  it('takes the names of the headers as flags', async () => {
    const headers = ['--webhook-id', ID, '--webhook-timestamp', String(now), '--webhook-signature', signed(now, BODY)];
    expect((await verify(['--secret', TEST_SECRET, ...headers])).code).toBe(0);
  });

  it('takes one secret of several that matches', async () => {
    expect((await verify(['--secret', OTHER_SECRET, '--secret', TEST_SECRET, ...flags()])).code).toBe(0);
  });

  it('reads the body as bytes', async () => {
    const body = Buffer.from([0xff, 0x00, 0x0a, 0xc3]);
    expect((await verify(['--secret', TEST_SECRET, ...flags(now, body)], body)).code).toBe(0);
  });

  it.each<[string, () => readonly string[], string]>([
    ['wrong_key', () => ['--secret', OTHER_SECRET, ...flags()], BODY],
    ['wrong_key', () => ['--secret', TEST_SECRET, ...flags()], `${BODY}x`],
    [
      'body_reserialized',
      () => ['--secret', TEST_SECRET, ...flags()],
      `${JSON.stringify(JSON.parse(BODY), null, 2)}\n`,
    ],
    ['stale', () => ['--secret', TEST_SECRET, ...flags(now - 400)], BODY],
    ['future', () => ['--secret', TEST_SECRET, ...flags(now + 400)], BODY],
    ['missing_header', () => ['--secret', TEST_SECRET], BODY],
    ['malformed_header', () => ['--secret', TEST_SECRET, ...flags(), '--header', `webhook-id: ${ID}`], BODY],
  ])('names the code %s, with exit code 1', async (error, args, body) => {
    const { code, stdout, stderr } = await verify(args(), body);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(new RegExp(`^not verified: ${error}: .*\\n$`));
    expect(stderr).not.toContain(TEST_SECRET);
  });

  it('takes an old webhook where the tolerance allows it', async () => {
    const args = ['--secret', TEST_SECRET, ...flags(now - 400)];
    expect((await verify([...args, '--tolerance', '10m'])).code).toBe(0);
    expect((await verify([...args, '--tolerance', '1m'])).code).toBe(1);
  });

  it.each<[string, readonly string[], string]>([
    ['no secret', [], '--secret'],
    ['a secret that is no key', ['--secret', 'hunter2'], 'whsec_'],
    ['an empty secret', ['--secret', ''], '--secret'],
    ['a header without a colon', ['--secret', TEST_SECRET, '--header', 'webhook-id'], 'name: value'],
    ['a tolerance without a unit', ['--secret', TEST_SECRET, '--tolerance', '300'], 'number and a unit'],
  ])('refuses %s with exit code 2', async (_, args, said) => {
    const { code, stderr } = await verify(args);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
    expect(stderr).not.toContain('hunter2');
  });
});
