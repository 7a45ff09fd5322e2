import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startVertexAiEmulator, type VertexAiEmulator } from '../../src/dev/emulators/vertex-ai/emulator';
import { anyJob, writeConfig } from '../support/bin-config';
import { eventually } from '../support/eventually';
import { freePort, freePortWithNeighbour, listenOn } from '../support/free-port';
import { endBins, type RunningBin, startBin } from '../support/jobherald';
import { answersWith } from '../support/probe';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { temporaryDirectory } from '../support/temporary-directory';

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let vertexAi: VertexAiEmulator;
let receiver: TestReceiver;
let gateway: string;
let webUi: string;

beforeEach(async () => {
  folder = await temporaryDirectory();
  vertexAi = await startVertexAiEmulator();
  receiver = await startReceiver();
  const port = await freePortWithNeighbour(1_000);
  const gatewayPort = await freePort();
  gateway = `http://127.0.0.1:${gatewayPort}`;
  webUi = `http://127.0.0.1:${port + 1_000}`;
  writeConfig(folder.path, {
    temporal: { address: `127.0.0.1:${port}` },
    worker: { port: await freePort() },
    gateway: { port: gatewayPort },
    endpoints: [{ name: 'orders', url: receiver.url, secret: 'orders' }],
    providers: { 'vertex-ai': { api_endpoint: vertexAi.address, insecure: true, sweep: { every: '200ms' } } },
  });
});
afterEach(async () => {
  endBins();
  await receiver.close();
  await vertexAi.close();
  await folder.remove();
});

const startDev = async (): Promise<RunningBin> => {
  const dev = startBin(['dev'], { cwd: folder.path });
  await Promise.race([
    answersWith(200, `${gateway}/readyz`),
    dev.finished.then(({ stderr }) => {
      throw new Error(`it ended: ${stderr}`);
    }),
  ]);
  return dev;
};

const post = (path: string, body: unknown) =>
  fetch(gateway + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const isGone = async () => {
  await expect(fetch(webUi)).rejects.toThrow();
  await expect(fetch(`${gateway}/healthz`)).rejects.toThrow();
};

/** The dev server's process. */
const temporalPid = (dev: RunningBin): number => Number(/"temporal_pid":(\d+)/.exec(dev.stderr())?.[1]);

describe('jobherald dev', () => {
  it('goes on where it was after a kill -9 of its whole process group', async () => {
    const job = anyJob();
    vertexAi.putJob({ name: job, state: 'JOB_STATE_RUNNING' });
    const dev = await startDev();
    const submit = () => post('/v1/jobs', { provider: 'vertex-ai', job, endpoints: ['orders'] });
    await eventually('it is submitted', async () => (await submit()).ok);
    await eventually('Vertex AI was asked again and again', () => vertexAi.calls.length > 2);

    dev.killGroup('SIGKILL');
    await dev.finished;
    vertexAi.setState(job, { state: 'JOB_STATE_SUCCEEDED' });

    await startDev();
    // The watch of the killed worker is missed after its heartbeat timeout of 20 s.
    await eventually('the webhook arrives', () => receiver.received.length > 0, { withinMs: 240_000 });
    expect(receiver.received[0]?.json).toMatchObject({ type: 'job.succeeded', data: { job } });
  });

  it.each([
    ['SIGTERM to it alone', (dev: RunningBin) => dev.kill('SIGTERM')],
    ['SIGINT to the whole group, as Ctrl-C does', (dev: RunningBin) => dev.killGroup('SIGINT')],
  ])('ends everything with exit code 0 on %s', async (_, stop) => {
    const dev = await startDev();
    expect((await fetch(webUi)).ok).toBe(true);
    const data = join(folder.path, '.jobherald');
    const readableByOthers = readdirSync(data).filter((file) => (statSync(join(data, file)).mode & 0o077) !== 0);
    expect(readableByOthers.filter((file) => file.startsWith('temporal.db'))).toEqual([]);
    expect(existsSync(join(data, 'temporal.db'))).toBe(true);
    const second = await startBin(['dev'], { cwd: folder.path }).finished;
    expect([second.code, second.stderr]).toEqual([1, expect.stringContaining('another jobherald dev')]);

    stop(dev);

    expect((await dev.finished).code).toBe(0);
    await isGone();
  });

  it('says so and exits 1 when the dev server dies by itself', async () => {
    const dev = await startDev();

    process.kill(temporalPid(dev), 'SIGKILL');

    const { code, stderr } = await dev.finished;
    expect(code).toBe(1);
    expect(stderr).toContain('the Temporal dev server is gone');
    await isGone();
  });

  it('exits 1 and leaves nothing behind where its gateway cannot listen', async () => {
    const other = await listenOn(Number(new URL(gateway).port));
    const second = await temporaryDirectory();
    const port = await freePortWithNeighbour(1_000);
    writeConfig(second.path, {
      temporal: { address: `127.0.0.1:${port}` },
      worker: { port: await freePort() },
      gateway: { port: Number(new URL(gateway).port) },
    });

    const { code, stderr } = await startBin(['dev'], { cwd: second.path }).finished;
    await other.close();

    expect(code).toBe(1);
    expect(stderr).toMatch(/cannot listen on 127.0.0.1:\d+ \(\/gateway of the configuration\)/);
    await expect(fetch(`http://127.0.0.1:${port + 1_000}`)).rejects.toThrow();
    await second.remove();
  });
});
