import { startVertexAiEmulator, type VertexAiEmulator } from '../../src/dev/emulators/vertex-ai/emulator';
import { anyJob, writeConfig } from '../support/bin-config';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { endBins, runBin, startBin } from '../support/jobherald';
import { answersWith } from '../support/probe';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';
import { runCommand } from '../support/run-command';
import { startTcpForwarder } from '../support/tcp-forwarder';
import { temporaryDirectory } from '../support/temporary-directory';

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let temporal: RealTemporal;
let vertexAi: VertexAiEmulator;

beforeAll(async () => {
  temporal = await connectRealTemporal();
  vertexAi = await startVertexAiEmulator();
});
beforeEach(async () => {
  folder = await temporaryDirectory();
});
afterEach(async () => {
  endBins();
  await folder.remove();
});
afterAll(async () => {
  await vertexAi.close();
  await temporal.close();
});

const configure = async (of: { readonly address: string; readonly namespace?: string }) => {
  const gateway = { port: await freePort() };
  writeConfig(folder.path, {
    temporal: of,
    gateway,
    endpoints: [{ name: 'orders', url: 'http://127.0.0.1:9/', secret: 'orders' }],
    providers: { 'vertex-ai': { api_endpoint: vertexAi.address, insecure: true } },
  });
  return `http://127.0.0.1:${gateway.port}`;
};

const submit = (origin: string, job: string) =>
  fetch(`${origin}/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ provider: 'vertex-ai', job, endpoints: ['orders'] }),
    // It is promised an answer in five seconds; without one this fails.
    signal: AbortSignal.timeout(10_000),
  });

describe('jobherald gateway', () => {
  it('answers 503 while Temporal is away, at first and later, and serves while it is there', async () => {
    const port = await freePort();
    const origin = await configure({ address: `127.0.0.1:${port}` });
    const gateway = startBin(['gateway'], { cwd: folder.path });
    const job = anyJob();

    await answersWith(200, `${origin}/healthz`);
    expect(await answersWith(503, `${origin}/readyz`)).toMatch(/waits for Temporal/);
    const refused = await submit(origin, job);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');

    const first = await startTcpForwarder(port, temporal.config.address);
    await answersWith(200, `${origin}/readyz`);
    expect((await submit(origin, job)).status).toBe(201);

    const before = gateway.stderr().length;
    const said = () => gateway.stderr().slice(before);
    await first.stop();
    await answersWith(503, `${origin}/readyz`);
    expect((await submit(origin, anyJob())).status).toBe(503);
    await eventually('it says that Temporal is away', () => said().includes('cannot be used: connect ECONNREFUSED'));

    const second = await startTcpForwarder(port, temporal.config.address);
    await answersWith(200, `${origin}/readyz`);
    expect((await submit(origin, job)).status).toBe(200);
    await eventually('it says that Temporal is back', () => said().includes('Temporal can be used again'));
    const lines = said()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const faults = lines.filter(({ level }) => level !== 'info').map(({ msg }) => msg);
    // Each cause is said once. A machine that stalls may see a second cause, which is no answer in time.
    expect(faults).toEqual([...new Set(faults)]);
    expect(faults.every((fault) => String(fault).startsWith(`Temporal at 127.0.0.1:${port} cannot be used`))).toBe(
      true,
    );
    expect(lines).toContainEqual(expect.objectContaining({ status: 503, reason: expect.stringContaining('Temporal') }));

    gateway.kill('SIGTERM');
    expect((await gateway.finished).code).toBe(0);
    await second.stop();
  });

  it('stops with exit code 0 while it still waits for Temporal', async () => {
    const origin = await configure({ address: `127.0.0.1:${await freePort()}` });
    const gateway = startBin(['gateway'], { cwd: folder.path });
    await answersWith(200, `${origin}/healthz`);

    gateway.kill('SIGINT');
    expect((await gateway.finished).code).toBe(0);
  });

  it('refuses to start in a namespace that is not set up, and starts once it is', async () => {
    const namespace = `gateway-${Date.now()}`;
    const origin = await configure({ address: temporal.config.address, namespace });

    const refused = await runBin(['gateway'], { cwd: folder.path });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`run \\"jobherald setup\\" first: namespace ${namespace} does not exist`);

    expect(await runCommand(['setup'], { cwd: folder.path })).toMatchObject({ code: 0 });
    const gateway = startBin(['gateway'], { cwd: folder.path });
    await answersWith(200, `${origin}/readyz`);
    gateway.kill('SIGTERM');
    expect((await gateway.finished).code).toBe(0);
  });
});
