import { setTimeout as sleep } from 'node:timers/promises';
import { startVertexAiEmulator, type VertexAiEmulator } from '../../src/dev/emulators/vertex-ai/emulator';
import { findTemporalCli } from '../../src/dev/temporal-server/find-temporal-cli';
import { startDevServer } from '../../src/dev/temporal-server/start-dev-server';
import { anyJob, writeConfig } from '../support/bin-config';
import { eventually } from '../support/eventually';
import { freePort, freePortWithNeighbour, listenOn } from '../support/free-port';
import { endBins, runBin, startBin } from '../support/jobherald';
import { stderrLog } from '../support/logs';
import { answersWith } from '../support/probe';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { runCommand } from '../support/run-command';
import { startTcpForwarder } from '../support/tcp-forwarder';
import { temporaryDirectory } from '../support/temporary-directory';

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let temporal: RealTemporal;
let vertexAi: VertexAiEmulator;
let receiver: TestReceiver;

beforeAll(async () => {
  temporal = await connectRealTemporal();
  vertexAi = await startVertexAiEmulator();
});
beforeEach(async () => {
  folder = await temporaryDirectory();
  receiver = await startReceiver();
});
afterEach(async () => {
  endBins();
  await receiver.close();
  await folder.remove();
});
afterAll(async () => {
  await vertexAi.close();
  await temporal.close();
});

const configure = async (address = temporal.config.address, extra: Record<string, object> = {}) => {
  const worker = { port: await freePort() };
  writeConfig(folder.path, {
    temporal: { address, ...extra['temporal'] },
    worker,
    endpoints: [{ name: 'orders', url: receiver.url, secret: 'orders', retry: { first: '1s' } }],
    providers: { 'vertex-ai': { api_endpoint: vertexAi.address, insecure: true, poll: { first: '200ms' } } },
  });
  return `http://127.0.0.1:${worker.port}`;
};

describe('jobherald worker', () => {
  it('answers probes before Temporal is there, is ready while it is, and goes on when it comes back', async () => {
    const port = await freePort();
    const origin = await configure(`127.0.0.1:${port}`);
    const worker = startBin(['worker'], { cwd: folder.path });

    await answersWith(200, `${origin}/healthz`);
    expect(await answersWith(503, `${origin}/readyz`)).toMatch(/waits for Temporal/);
    await eventually('it says that it waits', () =>
      worker.stderr().includes(`waiting for Temporal at 127.0.0.1:${port}`),
    );

    const first = await startTcpForwarder(port, temporal.config.address);
    await answersWith(200, `${origin}/readyz`);
    const before = worker.stderr().length;
    const said = () => worker.stderr().slice(before);
    await first.stop();
    expect(await answersWith(503, `${origin}/readyz`)).toMatch(
      /Temporal (at 127.0.0.1:\d+ cannot be used|cannot be reached)/,
    );
    await eventually('it says that Temporal is away', () => said().includes('cannot be used: connect ECONNREFUSED'));
    await sleep(6_000); // by then each of the SDK's pollers has tried again several times
    const second = await startTcpForwarder(port, temporal.config.address);
    await answersWith(200, `${origin}/readyz`);
    await eventually('it says that Temporal is back', () => said().includes('Temporal can be used again'));
    const lines = said()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: string; msg: string });
    // One line for each cause, however often it is met: on a slow machine there may be another, as no answer.
    const causes = lines.filter(({ level }) => level !== 'info').map(({ msg }) => msg);
    for (const cause of causes) expect(cause).toContain('cannot be used: ');
    expect(new Set(causes).size).toBe(causes.length);

    worker.kill('SIGTERM');
    expect((await worker.finished).code).toBe(0);
    await second.stop();
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'stops with exit code 0 on %s while it still waits for Temporal',
    async (signal) => {
      const origin = await configure(`127.0.0.1:${await freePort()}`);
      const worker = startBin(['worker'], { cwd: folder.path });
      await answersWith(200, `${origin}/healthz`);

      worker.kill(signal);
      expect((await worker.finished).code).toBe(0);
    },
  );

  it('stops with exit code 0 while Temporal is away again', async () => {
    const port = await freePort();
    const origin = await configure(`127.0.0.1:${port}`);
    const forwarder = await startTcpForwarder(port, temporal.config.address);
    const worker = startBin(['worker'], { cwd: folder.path });
    await answersWith(200, `${origin}/readyz`);
    await forwarder.stop();

    worker.kill('SIGTERM');
    expect((await worker.finished).code).toBe(0);
  });

  it('refuses to start in a namespace that is not set up, in one line that says what to do', async () => {
    await configure(temporal.config.address, { temporal: { namespace: 'nobody-made-this' } });

    const { code, stderr } = await runBin(['worker'], { cwd: folder.path });

    expect(code).toBe(1);
    const last = JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
    expect(last).toMatchObject({ level: 'fatal', code: 'setup_missing' });
    expect(last.msg).toMatch(/^run "jobherald setup" first: namespace nobody-made-this does not exist$/);
  });

  it('refuses a port that is taken, in one line that says where it is configured', async () => {
    const { port } = new URL(await configure());
    const other = await listenOn(Number(port));

    const { code, stderr } = await runBin(['worker'], { cwd: folder.path });
    await other.close();

    expect(code).toBe(1);
    expect(stderr).toMatch(/cannot listen on 127.0.0.1:\d+ \(\/worker of the configuration\)/);
  });

  it('finishes the delivery in flight when it is stopped, and logs JSON lines that hold no secret', async () => {
    const origin = await configure();
    const worker = startBin(['worker'], { cwd: folder.path, env: { JOBHERALD_LOG_LEVEL: 'trace' } });
    await answersWith(200, `${origin}/readyz`);
    const release = receiver.hold();

    const job = anyJob();
    vertexAi.putJob({ name: job, state: 'JOB_STATE_SUCCEEDED' });
    const submitted = await runCommand(['submit', 'vertex-ai', job, '--endpoint', 'orders', '--direct'], {
      cwd: folder.path,
    });
    expect(submitted).toMatchObject({ code: 0, stderr: '' });
    await eventually('the request is in flight', () => receiver.received.length === 1);

    worker.kill('SIGTERM');
    await eventually('the worker drains', () => worker.stderr().includes('worker stops'));
    release();
    expect((await worker.finished).code).toBe(0);
    expect(receiver.received).toHaveLength(1);

    const shown = await runCommand(['status', 'vertex-ai', job, '--direct', '--json'], { cwd: folder.path });
    const { deliveries } = JSON.parse(shown.stdout);
    expect(deliveries).toMatchObject([{ attempts: [{ status: 204 }] }]);

    const lines = worker.stderr().trim().split('\n');
    expect(lines.map((line) => Object.keys(JSON.parse(line)))).toContainEqual(
      expect.arrayContaining(['level', 'time', 'msg']),
    );
    expect(worker.stderr()).not.toContain('whsec_');
  });

  it('goes on when a Temporal that forgot its namespace has been set up again', async () => {
    const cli = await findTemporalCli({ env: process.env, log: stderrLog });
    const address = `127.0.0.1:${await freePortWithNeighbour(1_000)}`;
    const startTemporal = () => startDevServer({ cli, address, namespace: 'default', log: stderrLog });
    const origin = await configure(address, { temporal: { namespace: 'forgotten' } });
    const first = await startTemporal();
    try {
      await runCommand(['setup'], { cwd: folder.path });
      const worker = startBin(['worker'], { cwd: folder.path });
      await answersWith(200, `${origin}/readyz`);
      await first.stop();

      const second = await startTemporal();
      try {
        // At first it may still say that nobody was there.
        await eventually('it says what is missing', async () =>
          (await answersWith(503, `${origin}/readyz`)).includes('Namespace forgotten is not found'),
        );
        await runCommand(['setup'], { cwd: folder.path });
        await answersWith(200, `${origin}/readyz`);
        worker.kill('SIGTERM');
        expect((await worker.finished).code).toBe(0);
      } finally {
        await second.stop();
      }
    } finally {
      await first.stop();
    }
  });
});
