import { closeGateways, type RunningGateway, startGateway } from '../gateway/harness';
import { eventually } from '../support/eventually';
import { runCommand } from '../support/run-command';

const SINCE = ['--since', '2026-01-01T00:00:00Z'];
const UNTIL = ['--until', '2026-01-02T00:00:00Z'];

describe('jobherald redeliver-all, at a real gateway', () => {
  let gateway: RunningGateway;
  const jh = (...args: string[]) => runCommand(['redeliver-all', ...args], { env: { JOBHERALD_URL: gateway.origin } });

  beforeEach(async () => {
    gateway = await startGateway();
  });
  afterEach(closeGateways);

  it('sends everything there is to say', async () => {
    const more = ['--endpoint', 'orders', '--status', 'exhausted', '--dry-run', '--max-rate', '0.5'];
    const { code, stdout, stderr } = await jh(...SINCE, ...UNTIL, ...more, '--idempotency-key', 'k');
    expect([code, stderr]).toEqual([0, '']);
    expect(gateway.redeliveries.requests).toEqual([
      {
        since: '2026-01-01T00:00:00Z',
        until: '2026-01-02T00:00:00Z',
        endpoint: 'orders',
        status: 'exhausted',
        dry_run: true,
        max_rate: 0.5,
        idempotency_key: 'k',
      },
    ]);
    expect(stdout).toContain('running (dry run)');
  });

  it('means now where no end is given', async () => {
    const before = Date.now();
    await jh(...SINCE);
    const [request] = gateway.redeliveries.requests;
    expect(Object.keys(request ?? {})).toEqual(['since', 'until']);
    expect(Date.parse(request?.until ?? '')).toBeGreaterThanOrEqual(before);
  });

  it('takes how long ago, too, as every --since does; the API takes times', async () => {
    const before = Date.now();
    const { code, stderr } = await jh('--since', '2h', '--until', '30m');
    expect([code, stderr]).toEqual([0, '']);
    const [request] = gateway.redeliveries.requests;
    const ago = (time = '') => (before - Date.parse(time)) / 60_000;
    expect([Math.round(ago(request?.since)), Math.round(ago(request?.until))]).toEqual([120, 30]);
    const refused = await jh('--since', 'yesterday');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('or a time: 2026-11-22T14:30:00Z')]);
  });

  it('shows how far one has come', async () => {
    const { id } = JSON.parse((await jh(...SINCE, ...UNTIL, '--json')).stdout);
    gateway.redeliveries.progress({ matched: 12_345, redelivered: 12_300, skipped: 45 });
    const { stdout } = await jh(id);
    expect(stdout).toMatch(/matched +12345\nredelivered +12300\nskipped +45\nfailed +0\n/);
  });

  it('waits until it is over', async () => {
    const watching = jh(...SINCE, '--watch');
    await eventually('it has begun', () => gateway.redeliveries.requests.length === 1);
    gateway.redeliveries.progress({ state: 'done', matched: 2, redelivered: 2 });
    const { code, stdout } = await watching;
    expect([code, stdout]).toEqual([0, expect.stringMatching(/state +done\n/)]);
  });

  it.each([{ state: 'failed' } as const, { state: 'done', failed: 1, last_error: 'scripted/1: too large' } as const])(
    'exits 1 after %j',
    async (end) => {
      gateway.redeliveries.progress(end);
      const { code, stderr } = await jh(...SINCE, '--watch');
      expect([code, stderr]).toEqual([1, expect.stringContaining('not everything was redelivered')]);
    },
  );

  it.each([[[]], [['some-id', ...SINCE]], [UNTIL], [['--dry-run']], [[...SINCE, '--max-rate', '0']]])(
    'sends nothing for %j',
    async (args) => {
      expect((await jh(...args)).code).toBe(2);
      expect(gateway.redeliveries.requests).toEqual([]);
    },
  );
});
