import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JobHerald } from '../../src';
import { type Authority, createAuthority } from '../channels/webhook/certificates';
import { anyJob, writeConfig } from '../support/bin-config';
import { freePort } from '../support/free-port';
import { type GuardedTemporal, startGuardedTemporal } from '../support/guarded-temporal';
import { endBins, startBin } from '../support/jobherald';
import { answersWith } from '../support/probe';
import { realTemporalConfig } from '../support/real-temporal';
import { runCommand } from '../support/run-command';
import { temporaryDirectory } from '../support/temporary-directory';

describe('temporal.profile', () => {
  let authority: Authority;
  let temporal: GuardedTemporal;
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>;

  beforeAll(async () => {
    folder = await temporaryDirectory();
    authority = createAuthority();
    temporal = await startGuardedTemporal(realTemporalConfig().address, {
      ca: authority.caFile,
      ...authority.issue('localhost'),
    });
  });
  afterAll(async () => {
    endBins();
    temporal.close();
    authority.remove();
    await folder.remove();
  });

  it('is how setup, check, worker, gateway, the command line and a direct client reach Temporal', async () => {
    const client = authority.issue('client');
    const toml = join(folder.path, 'temporal.toml');
    const key = JSON.stringify(readFileSync(client.key, 'utf8'));
    writeFileSync(
      toml,
      `[profile.cloud]
address = "${temporal.address}"
namespace = "default"
api_key = "key-of-the-profile"
grpc_meta = { team = "batch" }
[profile.cloud.tls]
server_ca_cert_path = "${authority.caFile}"
client_cert_path = "${client.cert}"
client_key_data = ${key}
`,
    );
    const [worker, gateway] = [await freePort(), await freePort()];
    writeConfig(folder.path, {
      temporal: { profile: 'cloud' },
      worker: { port: worker },
      gateway: { port: gateway, inline_endpoints: 'off' },
      endpoints: [{ name: 'orders', url: 'http://127.0.0.1:9/' }],
      providers: { 'vertex-ai': { api_endpoint: '127.0.0.1:9', insecure: true } },
    });
    const env = { TEMPORAL_CONFIG_FILE: toml };
    const run = (...args: string[]) => runCommand(args, { cwd: folder.path, env });
    const calledWith: Record<string, unknown> = {};
    const since = async <T>(who: string, act: () => Promise<T>): Promise<T> => {
      const before = temporal.calls.length;
      const result = await act();
      const calls = temporal.calls.slice(before);
      calledWith[who] = [...new Set(calls.map((headers) => `${headers['authorization']} ${headers['team']}`))];
      return result;
    };

    const setUp = await since('setup', () => run('setup'));
    expect(setUp).toMatchObject({ code: 0, stdout: expect.stringContaining('namespace default is set up') });
    const checked = await since('check', () => run('check'));
    expect(checked.stdout).toContain(`ok temporal: reached ${temporal.address}, and namespace default is set up`);
    await since('worker', async () => {
      startBin(['worker'], { cwd: folder.path, env });
      await answersWith(200, `http://127.0.0.1:${worker}/readyz`);
    });
    await since('gateway', async () => {
      startBin(['gateway'], { cwd: folder.path, env });
      await answersWith(200, `http://127.0.0.1:${gateway}/readyz`);
    });
    const job = anyJob();
    const direct = new JobHerald({ configFile: join(folder.path, 'jobherald.yaml'), env });
    await since('direct client', () => direct.submit({ provider: 'vertex-ai', job, endpoints: ['orders'] }));
    await direct.close();
    const status = await since('command line', () => run('status', 'vertex-ai', job, '--direct'));
    expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining(job) });
    expect((await run('status', 'vertex-ai', job, '--url', `http://127.0.0.1:${gateway}`)).code).toBe(0);

    const all = ['Bearer key-of-the-profile batch'];
    const everybody = ['setup', 'check', 'worker', 'gateway', 'direct client', 'command line'];
    expect(calledWith).toEqual(Object.fromEntries(everybody.map((who) => [who, all])));
  });
});
