import { startVertexAiEmulator, type VertexAiEmulator } from '../../src/dev/emulators/vertex-ai/emulator';
import { anyJob, writeConfig } from '../support/bin-config';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { endBins, startBin } from '../support/jobherald';
import { answersWith } from '../support/probe';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';
import { temporaryDirectory } from '../support/temporary-directory';

const JOBS = 40;

describe('a worker that ends after a rush of submissions, before it has reported what it saw of all,', () => {
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
  let temporal: RealTemporal;
  let vertexAi: VertexAiEmulator;
  let api: string;
  let probes: string;

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
    startBin(['gateway'], { cwd: folder.path });
    api = `http://127.0.0.1:${gateway.port}`;
    probes = `http://127.0.0.1:${worker.port}`;
    await answersWith(200, `${api}/readyz`);
  });
  afterAll(async () => {
    endBins();
    await vertexAi.close();
    await temporal.close();
    await folder.remove();
  });

  const submit = async (job: string): Promise<void> => {
    const body = JSON.stringify({ provider: 'vertex-ai', job, endpoints: ['orders'] });
    const answer = await fetch(`${api}/v1/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(201);
  };
  const timesAsked = (job: string) => vertexAi.calls.filter(({ name }) => name === job).length;
  const stateOf = async (job: string): Promise<string> => {
    const answer = await fetch(`${api}/v1/jobs/vertex-ai/${encodeURIComponent(job)}`);
    return ((await answer.json()) as { state: string }).state;
  };

  /** @returns jobs, all of them looked at by a worker that has reported some */
  const rush = async (): Promise<readonly string[]> => {
    await answersWith(200, `${probes}/readyz`);
    const jobs = Array.from({ length: JOBS }, anyJob);
    for (const name of jobs) vertexAi.putJob({ name, state: 'JOB_STATE_RUNNING' });
    const answers = jobs.map((job) => vertexAi.hold(job));
    await Promise.all(jobs.map(submit));
    await eventually('all are looked at', () => jobs.every((job) => timesAsked(job) === 1));
    for (const answer of answers) answer();
    await eventually('some are reported', async () => (await jobsIn('RUNNING', jobs)).length > 0);
    return jobs;
  };
  const jobsIn = async (state: string, jobs: readonly string[]): Promise<readonly string[]> => {
    const states = await Promise.all(jobs.map(stateOf));
    return jobs.filter((_, i) => states[i] === state);
  };

  it('reports the rest before it stops, if it is stopped', async () => {
    const worker = startBin(['worker'], { cwd: folder.path });
    const jobs = await rush();
    expect(await jobsIn('PENDING', jobs)).not.toEqual([]);
    worker.kill('SIGTERM');
    expect((await worker.finished).code).toBe(0);
    expect(await jobsIn('RUNNING', jobs)).toEqual(jobs);
    expect(jobs.map(timesAsked)).toEqual(jobs.map(() => 1));
  }, 120_000);

  it('leaves it to another one to look again, if it is killed', async () => {
    const worker = startBin(['worker'], { cwd: folder.path });
    const jobs = await rush();
    worker.kill('SIGKILL');
    await worker.finished;
    const unseen = await jobsIn('PENDING', jobs);
    expect(unseen).not.toEqual([]);

    startBin(['worker'], { cwd: folder.path });
    await eventually('all are seen to run', async () => (await jobsIn('PENDING', jobs)).length === 0, {
      withinMs: 60_000,
    });
    expect(unseen.map(timesAsked)).toEqual(unseen.map(() => 2));
  }, 120_000);
});
