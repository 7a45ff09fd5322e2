import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@temporalio/client';
import { JobHerald, JobHeraldError, NAMESPACE, workflowIdOf } from '../../src';
import { closeGateways, JOB, SUBMISSION, startGateway } from '../gateway/harness';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { connectRealTemporal, type RealTemporal, realTemporalConfig } from '../support/real-temporal';
import { startTcpForwarder } from '../support/tcp-forwarder';

const run = promisify(execFile);
const ROOT = join(__dirname, '../..');

const aJob = () =>
  `projects/123/locations/us-central1/batchPredictionJobs/${Date.now()}${Math.floor(Math.random() * 1e6)}`;

describe('JobHerald over HTTP', () => {
  afterEach(closeGateways);

  it('speaks to the gateway at its url', async () => {
    const { origin, jobs } = await startGateway({ tokens: [{ name: 'ci', token: 'a-token' }] });
    await using herald = new JobHerald({ url: origin, token: 'a-token' });
    expect((await herald.submit(SUBMISSION)).created).toBe(true);
    expect((await herald.get('vertex-ai', JOB)).job).toBe(JOB);
    await herald.complete('vertex-ai', JOB);
    await herald.heartbeat('vertex-ai', JOB, { heartbeat_deadline_seconds: 1 });
    await herald.cancel('vertex-ai', JOB);
    await herald.redeliver('vertex-ai', JOB);
    expect((await herald.list()).next_cursor).toBeNull();
    expect(jobs.calls.map(({ method }) => method)).toEqual([
      'submit',
      'complete',
      'heartbeat',
      'cancel',
      'redeliver',
      'list',
    ]);
  });

  it('reads url and token from an environment that is given, and from no other', async () => {
    const { origin } = await startGateway({ tokens: [{ name: 'ci', token: 'a-token' }] });
    const env = { JOBHERALD_URL: origin, JOBHERALD_TOKEN: 'a-token' };
    expect((await new JobHerald({ env }).list()).jobs).toEqual([]);
    Object.assign(process.env, env);
    try {
      expect(() => new JobHerald({})).toThrow(expect.objectContaining({ code: 'bad_request' }));
      await expect(new JobHerald({ url: origin }).list()).rejects.toMatchObject({ code: 'unauthorized' });
    } finally {
      delete process.env['JOBHERALD_URL'];
      delete process.env['JOBHERALD_TOKEN'];
    }
  });

  it('prefers what is said to what the environment says', async () => {
    const { origin } = await startGateway();
    const env = { JOBHERALD_URL: 'http://nowhere.invalid' };
    expect((await new JobHerald({ url: origin, env }).list()).jobs).toEqual([]);
  });

  it('refuses a gateway and a Temporal at once', () => {
    const options = { url: 'http://127.0.0.1:1', temporal: {} } as never;
    expect(() => new JobHerald(options)).toThrow('not both');
  });

  it('is of no use once it is closed, and may be closed twice', async () => {
    const { origin } = await startGateway();
    const herald = new JobHerald({ url: origin });
    await herald.close();
    await herald.close();
    await expect(herald.list()).rejects.toMatchObject({
      code: 'bad_request',
      message: expect.stringContaining('closed'),
    });
  });
});

describe('JobHerald straight to Temporal', () => {
  let temporal: RealTemporal;
  beforeAll(async () => {
    temporal = await connectRealTemporal();
  });
  afterAll(() => temporal.close());

  const { address, taskQueue } = realTemporalConfig();
  const config = { endpoints: [{ name: 'orders', url: 'https://orders.example.com/' }] };

  it('submits, hints and reads with nothing but an address', async () => {
    await using herald = new JobHerald({ temporal: { address, taskQueue }, config, timeoutMs: 60_000 });
    const job = aJob();
    const first = await herald.submit({ provider: 'vertex-ai', job, endpoints: ['orders'] });
    expect(first.created).toBe(true);
    expect(first.job.workflow_id).toBe(workflowIdOf({ provider: 'vertex-ai', job }));
    expect((await herald.submit({ provider: 'vertex-ai', job, endpoints: ['orders'] })).created).toBe(false);

    await using bare = new JobHerald({ temporal: { address } });
    await bare.complete('vertex-ai', job, { idempotency_key: 'k' });
    await bare.heartbeat('vertex-ai', job, { heartbeat_deadline_seconds: 60 });
    expect(await bare.get('vertex-ai', job)).toMatchObject({ job, run_id: first.job.run_id, phase: 'waiting' });
    const history = await new Client({ connection: temporal.connection }).workflow
      .getHandle(first.job.workflow_id)
      .fetchHistory();
    expect(
      (history.events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: it }) => it?.signalName ?? []),
    ).toEqual(['completion', 'heartbeat']);
  });

  it('uses a client that is given, and leaves it open', async () => {
    const client = new Client({ connection: temporal.connection });
    const herald = new JobHerald({ client, config, temporal: { taskQueue } });
    const job = aJob();
    const { job: seen } = await herald.submit({ provider: 'vertex-ai', job, endpoints: ['orders'] });
    await herald.close();
    expect((await client.workflow.getHandle(seen.workflow_id).describe()).taskQueue).toBe(taskQueue);
  });

  it('reads a configuration file, with the environment that is given', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'jobherald-test-')), 'c.yaml');
    await writeFile(
      file,
      `temporal: { address: "\${ADDRESS}", task_queue: ${taskQueue}, ui: https://ui.example }\nendpoints: [{ name: a, url: https://a.example/ }]\n`,
    );
    await using herald = new JobHerald({ configFile: file, env: { ADDRESS: address } });
    const { job } = await herald.submit({ provider: 'vertex-ai', job: aJob(), endpoints: ['a'] });
    expect(job.links.web_ui).toMatch(/^https:\/\/ui\.example\//);
    await expect(new JobHerald({ configFile: file }).list()).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining('/temporal/address'),
    });
  });

  it('checks bodies as the gateway does', async () => {
    await using herald = new JobHerald({ temporal: { address, taskQueue }, config, timeoutMs: 60_000 });
    const call = (body: object) =>
      herald.submit({ provider: 'vertex-ai', job: aJob(), endpoints: ['orders'], ...body });
    await expect(call({ endpoints: 'orders' })).rejects.toMatchObject({
      code: 'bad_request',
      faults: [{ pointer: '/endpoints' }],
    });
    await expect(call({ endpoints: [] })).rejects.toMatchObject({ code: 'unprocessable' });
    await expect(call({ endpoint: ['orders'] })).rejects.toMatchObject({
      code: 'bad_request',
      message: expect.stringContaining('endpoints'),
    });
    const heartbeat = herald.heartbeat('vertex-ai', aJob(), { heartbeat_deadline_seconds: -1 });
    await expect(heartbeat).rejects.toMatchObject({ code: 'unprocessable' });
    await expect(herald.redeliver('vertex-ai', aJob(), { endpiont: 'a' } as never)).rejects.toMatchObject({
      code: 'bad_request',
    });
  });

  it('says that a namespace is not registered, whatever the call', async () => {
    await using herald = new JobHerald({ temporal: { address, namespace: `none-${randomUUID()}` }, config });
    const refused = { code: 'not_found', message: expect.stringContaining('jobherald setup') };
    await expect(herald.get('vertex-ai', aJob())).rejects.toMatchObject(refused);
    await expect(herald.complete('vertex-ai', aJob())).rejects.toMatchObject(refused);
    await expect(herald.list()).rejects.toMatchObject(refused);
    await expect(herald.submit({ provider: 'vertex-ai', job: aJob(), endpoints: ['orders'] })).rejects.toMatchObject(
      refused,
    );
  });

  it('connects at the first call only, and again after a failure', async () => {
    const port = await freePort();
    const herald = new JobHerald({ temporal: { address: `127.0.0.1:${port}` } });
    const error = await herald.get('vertex-ai', aJob()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(JobHeraldError);
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining(`127.0.0.1:${port}`) });
    const forwarder = await startTcpForwarder(port, address);
    expect((await herald.list({ limit: 1 })).jobs.length).toBeLessThanOrEqual(1);
    await herald.close();
    await forwarder.stop();
  });

  it('is unavailable within its time while Temporal is away, and of use again when it is back', async () => {
    const port = await freePort();
    const herald = new JobHerald({ temporal: { address: `127.0.0.1:${port}` }, timeoutMs: 1_000 });
    const first = await startTcpForwarder(port, address);
    await eventually('it is of use', () => herald.list({ limit: 1 }));
    await first.stop();
    // The answer to the same question would be shared for a moment.
    await expect(herald.list({ limit: 2 })).rejects.toMatchObject({ code: 'unavailable' });
    await expect(herald.complete('vertex-ai', aJob())).rejects.toMatchObject({ code: 'unavailable' });
    const second = await startTcpForwarder(port, address);
    await eventually('it is of use again', () => herald.list({ limit: 1 }));
    await herald.close();
    await second.stop();
  });

  it('gives up connecting to what never answers', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve);
    });
    const port = (silent.address() as { port: number }).port;
    const sockets = new Set<{ destroy(): void }>();
    silent.on('connection', (socket) => sockets.add(socket));
    try {
      await using herald = new JobHerald({ temporal: { address: `127.0.0.1:${port}` }, timeoutMs: 200 });
      await expect(herald.list()).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('no answer within 0.2 s'),
      });
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  });

  it('names every fault in its options for Temporal', async () => {
    const herald = new JobHerald({ temporal: { address: 'no port', tls: { cert: 'c.pem' } } });
    await expect(herald.list()).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining('/temporal/address'),
    });
  });
});

describe("importing 'jobherald'", () => {
  /** The packages that a program has loaded at its end. */
  const packagesOf = async (program: string): Promise<string[]> => {
    const script = `
      (async () => {
        ${program}
        const inside = Object.keys(require.cache).map((file) => file.match(/node_modules\\/((?:@[^/]+\\/)?[^/]+)/)?.[1]);
        console.log(JSON.stringify([...new Set(inside.filter(Boolean))]));
      })();`;
    const hook = join(ROOT, 'scripts/typescript-hook.js');
    const { stdout } = await run(process.execPath, ['--require', hook, '-e', script], { cwd: ROOT });
    return (JSON.parse(stdout) as string[]).filter((name) => !name.startsWith('@swc'));
  };

  it('loads no package at all for a client over HTTP', async () => {
    const program = `
      const { JobHerald } = require('jobherald');
      await new JobHerald({ url: 'http://127.0.0.1:1' }).list().catch(() => {});`;
    expect(await packagesOf(program)).toEqual([]);
  });

  it('loads neither the worker nor the library of a provider for a client straight to Temporal', async () => {
    const program = `
      const { JobHerald } = require('jobherald');
      const herald = new JobHerald({ temporal: { address: '127.0.0.1:1' } });
      await herald.list().catch(() => {});`;
    const packages = await packagesOf(program);
    expect(packages).toContain('@temporalio/client');
    for (const heavy of [
      '@temporalio/worker',
      '@temporalio/core-bridge',
      '@google-cloud/aiplatform',
      'google-gax',
      'fastify',
    ]) {
      expect(packages).not.toContain(heavy);
    }
  });

  it('exports the published namespace', () => {
    expect(NAMESPACE).toBe('28de626e-1ac5-5709-910d-a79b180c5eb7');
  });
});
