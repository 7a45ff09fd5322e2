import { startVertexAiEmulator, type VertexAiEmulator } from '../../src/emulators/vertex-ai/emulator';
import { anyJob, writeConfig } from '../support/bin-config';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { endBins, startBin } from '../support/jobherald';
import { answersWith } from '../support/probe';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';
import { temporaryDirectory } from '../support/temporary-directory';

const JOBS = 40;

describe('a worker that is killed after a rush of submissions, before it has reported what it saw,', () => {
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
  let temporal: RealTemporal;
  let vertexAi: VertexAiEmulator;
  let api: string;

  beforeAll(async () => {
    folder = await temporaryDirectory();
    temporal = await connectRealTemporal();
    vertexAi = await startVertexAiEmulator();
    const [gateway, worker] = [{ port: await freePort() }, { port: await freePort() }];
    writeConfig(folder.path, {
      temporal: { address: temporal.config.address },
      gateway,
      worker,
      endpoints: [{ name: 'orders', url: 'http://127.0.0.1:9/', secret: 'orders' }] as never,
      providers: { 'vertex-ai': { api_endpoint: vertexAi.address, insecure: true, poll: { first: '10m' } } },
    });
    api = `http://127.0.0.1:${gateway.port}`;
  });
  afterAll(async () => {
    endBins();
    await vertexAi.close();
    await temporal.close();
    await folder.remove();
  });

  const submit = async (): Promise<string> => {
    const job = anyJob();
    vertexAi.putJob({ name: job, state: 'JOB_STATE_RUNNING' });
    const body = JSON.stringify({ provider: 'vertex-ai', job, endpoints: ['orders'] });
    const answer = await fetch(`${api}/v1/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(201);
    return job;
  };
  const timesAsked = (job: string) => vertexAi.calls.filter(({ name }) => name === job).length;
  const stateOf = async (job: string): Promise<string> => {
    const answer = await fetch(`${api}/v1/jobs/vertex-ai/${encodeURIComponent(job)}`);
    return ((await answer.json()) as { state: string }).state;
  };

  it('has another one look at them within seconds', async () => {
    const first = startBin(['worker'], { cwd: folder.path });
    startBin(['gateway'], { cwd: folder.path });
    await answersWith(200, `${api}/readyz`);
    const jobs = await Promise.all(Array.from({ length: JOBS }, submit));
    await eventually('all were looked at', () => jobs.every((job) => timesAsked(job) === 1));
    first.kill('SIGKILL');
    await first.finished;
    const unseen = [];
    for (const job of jobs) if ((await stateOf(job)) === 'PENDING') unseen.push(job);
    expect(unseen.length).toBeGreaterThan(0);

    startBin(['worker'], { cwd: folder.path });
    for (const job of unseen) {
      await eventually('it is seen to run', async () => (await stateOf(job)) === 'RUNNING', { withinMs: 30_000 });
      expect(timesAsked(job)).toBe(2);
    }
  });
});
