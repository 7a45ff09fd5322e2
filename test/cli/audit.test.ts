import { startVertexAiEmulator, type VertexAiEmulator } from '../../src/dev/emulators/vertex-ai/emulator';
import { writeConfig } from '../support/bin-config';
import { realTemporalConfig } from '../support/real-temporal';
import { runCommand } from '../support/run-command';
import { temporaryDirectory } from '../support/temporary-directory';

const SCOPE = 'projects/123/locations/europe-west4';

describe('jobherald audit', () => {
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
  let vertexAi: VertexAiEmulator;

  beforeAll(async () => {
    vertexAi = await startVertexAiEmulator({ projects: { demo: '123' } });
    folder = await temporaryDirectory();
  });
  afterAll(async () => {
    await vertexAi.close();
    await folder.remove();
  });

  const configure = (track: object = {}, namespace = 'default') => {
    const { address } = realTemporalConfig();
    writeConfig(folder.path, {
      temporal: { address, namespace },
      ...{ endpoints: [{ name: 'orders', url: 'https://orders.example.com/' }] as never },
      providers: {
        'vertex-ai': { api_endpoint: vertexAi.address, insecure: true, projects: { demo: '123' }, track },
      },
    });
  };
  const audit = (...args: string[]) => runCommand(['audit', ...args], { cwd: folder.path });

  it.each([
    [['vertex-ai', '--since', '1d'], 'name a scope'],
    [['vertex-ai', 'europe-west4', '--since', '1d'], 'scope europe-west4: must be projects/'],
    [['vortex', '--since', '1d'], 'provider vortex is not known'],
    [['spec-001', 'x', '--since', '1d'], 'cannot be listed'],
    [['vertex-ai', SCOPE], '--since'],
    [['vertex-ai', SCOPE, '--since', 'yesterday'], 'Give a number and a unit'],
  ])('refuses %j with exit code 2', async (args, text) => {
    configure();
    const { code, stderr } = await audit(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(text)]);
  });

  it('says what to do where Temporal has no such namespace', async () => {
    configure({}, 'nobody-made-this');
    const { code, stderr } = await audit('vertex-ai', SCOPE, '--since', '1h');
    const what = 'the Temporal namespace does not exist; check its name, or register it with: jobherald setup';
    expect([code, stderr]).toEqual([1, `jobherald: ${what}\n`]);
  });

  it('counts the jobs that ended, names those that nobody was notified of, and submits them', async () => {
    const name = `projects/demo/locations/europe-west4/batchPredictionJobs/${Date.now()}`;
    vertexAi.putJob({ name, state: 'JOB_STATE_SUCCEEDED', endTime: new Date().toISOString() });
    const job = name.replace('demo', '123');
    configure();
    const text = await audit('vertex-ai', 'projects/demo/locations/europe-west4', '--since', '1h');
    expect(text.code).toBe(1);
    expect(text.stdout).toMatch(/^jobs ended +1$/m);
    expect(text.stdout).toContain(`untracked  COMPLETED`);
    expect(text.stdout).toContain(job);

    const without = await audit('vertex-ai', SCOPE, '--since', '1h', '--repair');
    expect([without.code, without.stderr]).toEqual([
      1,
      expect.stringContaining('track.endpoints of vertex-ai is empty'),
    ]);

    configure({ auto: true, endpoints: ['orders'], scopes: [SCOPE] });
    const json = await audit('vertex-ai', '--since', '1h', '--json', '--repair');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toEqual({
      provider: 'vertex-ai',
      scopes: [`${SCOPE}/batchPredictionJobs`],
      since: expect.any(String),
      counts: { notified: 0, pending: 0, exhausted: 0, untracked: 1, broken: 0, unknown: 0 },
      jobs: [
        {
          job,
          state: 'COMPLETED',
          ended_at: expect.any(String),
          result: 'untracked',
          endpoints: [],
          repair: 'submitted',
        },
      ],
    });
    const after = await audit('vertex-ai', '--since', '1h', '--json');
    expect(JSON.parse(after.stdout)).toMatchObject({ counts: { pending: 1 } }); // no worker is up
  });
});
