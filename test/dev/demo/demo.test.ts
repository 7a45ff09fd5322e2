import { readdirSync } from 'node:fs';
import { eventually } from '../../support/eventually';
import { endBins, runBin, startBin } from '../../support/jobherald';
import { answersWith } from '../../support/probe';
import { temporaryDirectory } from '../../support/temporary-directory';

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;

beforeEach(async () => {
  folder = await temporaryDirectory();
});
afterEach(async () => {
  endBins();
  await folder.remove();
});

describe('jobherald demo', () => {
  it('goes from a job to a verified webhook, shows its attempts and its run, and leaves nothing behind', async () => {
    const env = { TMPDIR: folder.path };
    const { code, stdout, stderr } = await runBin(['demo'], { cwd: folder.path, env });

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const job = /batchPredictionJobs\/(\d+)\n/.exec(stdout)?.[1];
    expect(stdout).toMatch(/^\d\. The webhook arrived with a valid signature$/m);
    expect(stdout).toMatch(/webhook-id +[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f-]{21}\n/);
    const body = JSON.parse(/body +(\{.*\})/.exec(stdout)?.[1] ?? '');
    expect(body).toEqual({
      jobId: job,
      finalState: 'JOB_STATE_SUCCEEDED',
      outputLocation: expect.stringMatching(/^gs:/),
    });
    expect(stdout).toMatch(/^ +1 .* 500 .*next at .*\n +2 .* 204 /m);
    expect(stdout).toContain('Google logs no completion');
    const second = /A second job started, which nobody submitted\n +(\S+)\n/.exec(stdout)?.[1];
    const secondBody = JSON.parse(/It ended, no message said so.*\n +body +(\{.*\})/.exec(stdout)?.[1] ?? '');
    expect(secondBody).toMatchObject({ jobId: second?.split('/').at(-1), finalState: 'JOB_STATE_SUCCEEDED' });
    expect(stdout).toMatch(/completed_by +poll/);
    expect(stdout).toMatch(new RegExp(`http://127.0.0.1:\\d+/namespaces/default/workflows/vertex-ai%2F.*${job}/`));
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('keeps all of it running with --keep, until Ctrl-C', async () => {
    const demo = startBin(['demo', '--keep'], { cwd: folder.path, env: { TMPDIR: folder.path } });
    const shown = () => demo.stdout();
    await eventually('it is at its end', () => shown().includes('until Ctrl-C'), { withinMs: 240_000 });
    const gateway = /gateway +(\S+)/.exec(shown())?.[1];
    const webUi = /Temporal Web UI +(\S+)/.exec(shown())?.[1];

    await answersWith(200, `${gateway}/readyz`);
    await answersWith(200, `${webUi}`);
    demo.killGroup('SIGINT');

    expect((await demo.finished).code).toBe(0);
    await expect(fetch(`${gateway}/healthz`)).rejects.toThrow();
    await expect(fetch(`${webUi}`)).rejects.toThrow();
  });
});
