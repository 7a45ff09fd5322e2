import { closeReceivers, type Request, startGoodReceiver, startHandmadeReceiver } from '../conformance/receivers';
import { runCommand } from '../support/run-command';
import { TEST_SECRET } from '../support/test-config';

afterEach(closeReceivers);

const testReceiver = (...args: string[]) => runCommand(['test-receiver', ...args]);
const linesOf = (text: string) => text.trimEnd().split('\n');

describe('test-receiver', () => {
  it('says of each rule what was sent and what came back, with exit code 0', async () => {
    const { url, effectsUrl } = await startGoodReceiver();
    const { code, stdout, stderr } = await testReceiver(url, '--secret', TEST_SECRET, '--effects-url', effectsUrl);
    const lines = linesOf(stdout);
    expect({ code, stderr, last: lines.at(-1) }).toEqual({ code: 0, stderr: '', last: '14 rules: 14 kept' });
    expect(lines[0]).toMatch(/^✓ accepts a valid signature: sent an event, signed now; got 200 in \d+ ms$/);
    expect(lines.filter((line) => line.startsWith('✓'))).toHaveLength(14);
  });

  it('says below a broken rule what to do, with exit code 1', async () => {
    const { url } = await startHandmadeReceiver({ isRecent: () => true });
    const { code, stdout } = await testReceiver(url, '--secret', TEST_SECRET);
    const lines = linesOf(stdout);
    expect(code).toBe(1);
    expect(lines.at(-1)).toBe('14 rules: 9 kept, 3 broken, 2 to look at');
    const broken = lines.findIndex((line) => line.startsWith('✗ refuses a stale timestamp: sent '));
    expect(lines[broken + 1]).toMatch(/^ {4}→ refuse with 401 a webhook-timestamp that is more than 5 minutes/);
  });

  it('does not count against a receiver what only a person can judge', async () => {
    const { code, stdout } = await testReceiver((await startGoodReceiver()).url, '--secret', TEST_SECRET);
    expect(code).toBe(0);
    expect(linesOf(stdout).filter((line) => line.startsWith('!'))).toHaveLength(2);
  });

  it('reports as JSON, with the same exit code', async () => {
    const { url } = await startHandmadeReceiver({ duplicate: { status: 500 } });
    const { code, stdout } = await testReceiver(`${url}?token=hidden`, '--secret', TEST_SECRET, '--json');
    const report = JSON.parse(stdout) as { rules: { name: string; verdict: string }[] };
    expect(code).toBe(1);
    expect(report).toMatchObject({ url, format: 'standard', passed: false });
    expect(report.rules).toHaveLength(14);
    expect(report.rules.find(({ name }) => name === 'duplicate')).toEqual({
      name: 'duplicate',
      title: 'accepts a duplicate without a second effect',
      verdict: 'fail',
      sent: expect.any(String),
      received: expect.stringMatching(/^200 in \d+ ms, then 500 in \d+ ms$/),
      advice: expect.stringContaining('2xx'),
    });
  });

  it('sends the format that is asked for, with the headers of a real attempt', async () => {
    const seen: Request[] = [];
    const { url } = await startHandmadeReceiver({
      first: (request) => {
        seen.push(request);
        return undefined;
      },
    });
    await testReceiver(url, '--secret', TEST_SECRET, '--format', 'vertex-ai');
    const [{ headers, body, id }] = seen as [Request];
    expect(Object.keys(JSON.parse(body))).toEqual(['jobId', 'finalState', 'outputLocation']);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^jobherald\/\d/),
      'idempotency-key': id,
    });
  });

  it('waits for an answer as long as --timeout says', async () => {
    const { url } = await startHandmadeReceiver({
      first: () => undefined,
      refusal: 'none at all',
      isSigned: () => false,
    });
    const { code, stdout } = await testReceiver(url, '--secret', TEST_SECRET, '--timeout', '100ms');
    expect(code).toBe(1);
    expect(linesOf(stdout)[0]).toMatch(/^✗ .*no answer: timeout after 100ms/);
  });

  it.each([
    [['http://127.0.0.1:1/'], "'--secret <key>' not specified"],
    [['http://127.0.0.1:1/', '--secret', 'hunter2'], '--secret: must begin with whsec_'],
    [['http://127.0.0.1:1/', '--secret', `whpk_${'A'.repeat(43)}=`], 'signing needs the private key'],
    [['ftp://127.0.0.1/', '--secret', TEST_SECRET], 'Give http://'],
    [['http://me:pw@127.0.0.1/', '--secret', TEST_SECRET], 'without user name and password'],
    [['http://127.0.0.1:1/', '--secret', TEST_SECRET, '--format', 'xml'], 'Allowed choices are standard'],
    [['http://127.0.0.1:1/', '--secret', TEST_SECRET, '--effects-url', 'count'], 'Give http://'],
  ])('refuses the command line %j with exit code 2, and quotes no key', async (args, text) => {
    const { code, stderr } = await testReceiver(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(text);
    expect(stderr).not.toContain('hunter2');
  });

  it('says what is wrong with an effects URL, with exit code 1', async () => {
    const { url } = await startGoodReceiver();
    const { code, stderr } = await testReceiver(
      url,
      '--secret',
      TEST_SECRET,
      '--effects-url',
      url.replace(/:\d+/, ':1'),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^jobherald: the effects URL cannot be read: /);
  });
});
