import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closeGateways, JOB, type RunningGateway, startGateway } from '../gateway/harness';
import { freePort } from '../support/free-port';
import { type CommandResult, runCommand } from '../support/run-command';
import { temporaryDirectory } from '../support/temporary-directory';

const TOKEN = 'a-token-of-the-test';

describe('the commands of the API, at a real gateway', () => {
  let gateway: RunningGateway;
  let jh: (args: readonly string[], stdin?: string) => Promise<CommandResult>;

  beforeEach(async () => {
    gateway = await startGateway({ tokens: [{ name: 'ci', token: TOKEN }] });
    jh = (args, stdin) => runCommand(args, { stdin, env: { JOBHERALD_URL: gateway.origin, JOBHERALD_TOKEN: TOKEN } });
  });
  afterEach(closeGateways);

  const submitted = () => {
    const [call] = gateway.jobs.calls;
    if (call?.method !== 'submit') throw new Error('nothing was submitted');
    return call.submission;
  };

  describe('submit', () => {
    it('sends the least there is to say', async () => {
      const { code, stdout, stderr } = await jh(['submit', 'vertex-ai', JOB, '--endpoint', 'orders']);
      expect([code, stderr]).toEqual([0, '']);
      expect(submitted()).toEqual({ provider: 'vertex-ai', job: JOB, endpoints: ['orders'] });
      expect(stdout).toMatch(/^submitted\n/);
      expect(stdout).toContain(JOB);
      expect(stdout).toContain('http://127.0.0.1:8233');
    });

    it('says so where the job was submitted before', async () => {
      await jh(['submit', 'vertex-ai', JOB, '--endpoint', 'orders']);
      const { code, stdout } = await jh(['submit', 'vertex-ai', JOB, '--endpoint', 'orders']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^submitted before/);
    });

    it('sends everything there is to say', async () => {
      const args = ['submit', '--endpoint', 'orders,audit', 'vertex-ai', JOB, '--endpoint', 'third'];
      const more = ['--idempotency-key', 'k', '--correlation-id', 'c', '--heartbeat-deadline', '5m'];
      const pairs = ['--metadata', 'a=1=2', '--metadata', 'b=', '--label', 'team=x', '--label', 'tier=gold'];
      expect((await jh([...args, ...more, ...pairs])).code).toBe(0);
      expect(submitted()).toEqual({
        provider: 'vertex-ai',
        job: JOB,
        idempotency_key: 'k',
        correlation_id: 'c',
        endpoints: ['orders', 'audit', 'third'],
        heartbeat_deadline_seconds: 300,
        metadata: { a: '1=2', b: '' },
        labels: { team: 'x', tier: 'gold' },
      });
    });

    it('belongs to the trace of its environment', async () => {
      const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
      const env = {
        JOBHERALD_URL: gateway.origin,
        JOBHERALD_TOKEN: TOKEN,
        TRACEPARENT: traceparent,
        TRACESTATE: 'a=1',
      };
      expect((await runCommand(['submit', 'vertex-ai', JOB, '--endpoint', 'orders'], { env })).code).toBe(0);
      expect(gateway.jobs.calls).toMatchObject([{ headers: { traceparent, tracestate: 'a=1' } }]);
    });

    it('gives an endpoint inline', async () => {
      const inline = ['--endpoint-url', 'https://a.example/?x=1,2', '--secret', 'orders', '--format', 'vertex-ai'];
      const events = ['--events', 'job.succeeded,job.failed'];
      await jh(['submit', 'vertex-ai', JOB, '--endpoint', 'audit', ...inline, ...events]);
      expect(submitted().endpoints).toEqual([
        { name: 'audit', events: ['job.succeeded', 'job.failed'] },
        {
          url: 'https://a.example/?x=1,2',
          secret: 'orders',
          events: ['job.succeeded', 'job.failed'],
          format: 'vertex-ai',
        },
      ]);
    });

    it('takes the whole body from a file or from standard input', async () => {
      const { path: cwd, remove } = await temporaryDirectory();
      const body = { provider: 'vertex-ai', job: JOB, endpoints: [{ name: 'orders' }], metadata: { deep: { er: 1 } } };
      await writeFile(join(cwd, 'body.json'), JSON.stringify(body));
      const env = { JOBHERALD_URL: gateway.origin, JOBHERALD_TOKEN: TOKEN };
      expect((await runCommand(['submit', '--file', 'body.json'], { env, cwd })).code).toBe(0);
      expect(submitted()).toEqual(body);
      const again = await jh(['submit', '--file', '-'], JSON.stringify(body));
      expect(again.stdout).toMatch(/^submitted before/);
      await remove();
    });

    it.each<[string, readonly string[], string]>([
      ['nothing', [], 'give a provider and its job'],
      ['nobody to tell', ['vertex-ai', JOB], '--endpoint'],
      ['a file and a job', ['vertex-ai', JOB, '--file', '-'], 'in the file'],
      ['a file and an endpoint', ['--file', '-', '--endpoint', 'a'], 'cannot be used with'],
      ['a secret for a configured endpoint', ['vertex-ai', JOB, '--endpoint', 'a', '--secret', 's'], '--endpoint-url'],
      ['a deadline without a unit', ['vertex-ai', JOB, '--endpoint', 'a', '--heartbeat-deadline', '5'], '10m'],
      ['metadata without a value', ['vertex-ai', JOB, '--endpoint', 'a', '--metadata', 'x'], 'name=value'],
      ['an option that is not there', ['vertex-ai', JOB, '--endpoints', 'a'], '--endpoint'],
    ])('refuses %s with exit code 2, and sends nothing', async (_, args, said) => {
      const { code, stdout, stderr } = await jh(['submit', ...args]);
      expect(code).toBe(2);
      expect(stderr).toContain(said);
      expect([stdout, gateway.jobs.calls]).toEqual(['', []]);
    });

    it('says in one line that a file is not JSON or missing', async () => {
      const broken = await jh(['submit', '--file', '-'], '{"provider":');
      expect([broken.code, broken.stderr]).toEqual([1, expect.stringMatching(/^standard input is not JSON: .*\n$/)]);
      const absent = await jh(['submit', '--file', '/nonexistent/body.json']);
      expect([absent.code, absent.stderr]).toEqual([1, expect.stringMatching(/ENOENT.*\n$/)]);
    });

    it('says every fault in one line, with exit code 1', async () => {
      const { code, stdout, stderr } = await jh(['submit', '--file', '-'], '{"provider":"vertex-ai","colour":"red"}');
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^jobherald: .*\/endpoints .*\/job .*\/colour .*\n$/);
    });

    it('says what to do about a conflict', async () => {
      await jh(['submit', 'vertex-ai', JOB, '--endpoint', 'orders']);
      const { code, stderr } = await jh(['submit', 'vertex-ai', JOB, '--endpoint', 'audit']);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^jobherald: .*another body.*\n$/)]);
    });
  });

  describe('on a job that is there', () => {
    beforeEach(async () => {
      await jh(['submit', 'vertex-ai', JOB, '--endpoint', 'orders', '--correlation-id', 'order-7']);
      gateway.jobs.calls.length = 0;
    });

    it('status shows it to a person', async () => {
      const { code, stdout } = await jh(['status', 'vertex-ai', JOB]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^vertex-ai projects\/123/);
      expect(stdout).toMatch(/^state +PENDING$/m);
      expect(stdout).toMatch(/^correlation +order-7$/m);
    });

    it('--json prints exactly what the API answers', async () => {
      const headers = { authorization: `Bearer ${TOKEN}` };
      const path = `/v1/jobs/vertex-ai/${encodeURIComponent(JOB)}`;
      const api = await (await gateway.fetch(path, { headers })).json();
      expect(JSON.parse((await jh(['status', 'vertex-ai', JOB, '--json'])).stdout)).toEqual(api);
      expect(JSON.parse((await jh(['list', '--json'])).stdout)).toEqual({ jobs: [], next_cursor: null });
      const accepted: readonly (readonly string[])[] = [
        ['complete', 'vertex-ai', JOB],
        ['heartbeat', 'vertex-ai', JOB, '--deadline', '1m'],
        ['cancel', 'vertex-ai', JOB],
        ['redeliver', 'vertex-ai', JOB],
      ];
      for (const args of accepted) {
        expect(JSON.parse((await jh([...args, '--json'])).stdout)).toEqual({ accepted: true });
      }
      const again = await jh([
        'submit',
        'vertex-ai',
        JOB,
        '--endpoint',
        'orders',
        '--correlation-id',
        'order-7',
        '--json',
      ]);
      expect(JSON.parse(again.stdout)).toEqual(api);
    });

    it('complete, heartbeat, cancel and redeliver pass on their options', async () => {
      const all = await Promise.all([
        jh(['complete', 'vertex-ai', JOB, '--state', 'FAILED', '--message', 'oops', '--idempotency-key', 'k']),
        jh(['heartbeat', 'vertex-ai', JOB, '--deadline', '90s', '--description', 'alive', '--idempotency-key', 'h']),
        jh(['cancel', 'vertex-ai', JOB]),
        jh(['redeliver', 'vertex-ai', JOB, '--endpoint', 'orders', '--event', 'job.failed']),
      ]);
      expect(all.map(({ code, stderr }) => [code, stderr])).toEqual(Array(4).fill([0, '']));
      for (const { stdout } of all) expect(stdout).toMatch(/^accepted: .*\n$/);
      const by = (method: string) => gateway.jobs.calls.find((call) => call.method === method);
      expect(by('complete')).toMatchObject({ completion: { state: 'FAILED', message: 'oops', idempotency_key: 'k' } });
      expect(by('heartbeat')).toMatchObject({
        heartbeat: { heartbeat_deadline_seconds: 90, description: 'alive', idempotency_key: 'h' },
      });
      expect(by('cancel')).toMatchObject({ provider: 'vertex-ai', job: JOB });
      expect(by('redeliver')).toMatchObject({ request: { endpoint: 'orders', event: 'job.failed' } });
    });

    it.each<[readonly string[], string]>([
      [['heartbeat', 'vertex-ai', JOB], '--deadline'],
      [['redeliver', 'vertex-ai', JOB, '--event', 'job.done'], 'job.succeeded'],
      [['status', 'vertex-ai'], 'job'],
      [['status', 'vertex-ai', JOB, '--until', 'later'], 'ended'],
      [['list', '--limit', 'ten'], 'whole number'],
      [['list', 'a', '--query', 'b'], 'once'],
      [['cancel', 'vertex-ai', JOB, '--direct', '--url', 'http://x'], 'cannot be used with'],
    ])('%j is refused with exit code 2', async (args, said) => {
      const { code, stderr } = await jh(args);
      expect(code).toBe(2);
      expect(stderr).toContain(said);
      expect(gateway.jobs.calls).toEqual([]);
    });
  });

  it('list passes a query on, given in either way, and says that there is nothing', async () => {
    const query = "DeliveryState='exhausted'";
    const { stdout } = await jh(['list', query, '--limit', '7', '--cursor', 'abc']);
    expect(stdout).toBe('no jobs\n');
    await jh(['list', '--query', query]);
    expect(gateway.jobs.calls).toEqual([
      { method: 'list', options: { query, limit: 7, cursor: 'abc' } },
      { method: 'list', options: { query } },
    ]);
  });

  it('a job that is not there is one line and exit code 1', async () => {
    for (const command of ['status', 'complete', 'cancel', 'redeliver']) {
      const { code, stdout, stderr } = await jh([command, 'vertex-ai', JOB]);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^jobherald: .*\n$/);
    }
  });

  it('a missing token is said, with what to do', async () => {
    const { code, stderr } = await runCommand(['list', '--url', gateway.origin]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^jobherald: .*--token or JOBHERALD_TOKEN.*\n$/)]);
    expect((await runCommand(['list', '--url', gateway.origin, '--token', TOKEN])).code).toBe(0);
  });

  it('a gateway that is not there is said, with what to do', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { code, stderr } = await runCommand(['list', '--url', url]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^jobherald: cannot reach the gateway at .*ECONNREFUSED.*--url.*\n$/);
  });
});
