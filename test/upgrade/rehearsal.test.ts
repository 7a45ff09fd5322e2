import { randomUUID } from 'node:crypto';
import { Client, type WorkflowHandle } from '@temporalio/client';
import { writeConfig } from '../support/bin-config';
import { eventually } from '../support/eventually';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';
import { runCommand } from '../support/run-command';
import { temporaryDirectory } from '../support/temporary-directory';
import { workflows } from '../support/workflows';
import { type OldBundle, oldBundles } from './old-bundles';
import { effects, expectedEffects, type OpenRuns, openRuns } from './open-runs';
import { type Stage, setStage } from './stage';

let temporal: RealTemporal;
let client: Client;
let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
const rehearsals = new Map<string, Promise<void>>();

// All are begun at once: most of the time each waits for Temporal, or for a delivery that is to be retried.
beforeAll(async () => {
  folder = await temporaryDirectory();
  temporal = await connectRealTemporal();
  client = new Client({ connection: temporal.connection });
  for (const bundle of oldBundles()) {
    for (const mode of MODES) rehearsals.set(`${bundle.name} ${mode}`, rehearse(bundle, mode));
  }
  await Promise.allSettled(rehearsals.values());
}, 900_000);
afterAll(async () => {
  await temporal.close();
  await folder.remove();
});

const MODES = ['without versions', 'auto_upgrade', 'pinned'] as const;
type Mode = (typeof MODES)[number];

/**
 * The old workers begin runs of every kind and the new ones take over; then the new ones begin as many, and the old ones take over
 * again. With `pinned` both go on working, and each ends what it has begun.
 */
describe.each(oldBundles())('from the workflows of $name to today’s, and back', ({ name }) => {
  it.each(MODES)('nothing is lost, and nothing is notified twice: workers %s', async (mode) => {
    await rehearsals.get(`${name} ${mode}`);
  });
});

async function rehearse({ code }: OldBundle, mode: Mode): Promise<void> {
  const bundles = { old: { code }, new: await workflows() };
  const stage = await setStage(temporal, client);
  const versions = mode === 'without versions' ? undefined : deploymentOf(stage, mode);
  const start = async (build: 'old' | 'new') => {
    const worker = await stage.startWorker(bundles[build], versions?.version(build));
    await versions?.setCurrent(build);
    return worker;
  };
  try {
    const first = await start('old');
    const begunByOld = await openRuns(stage, 'first');
    const builds: (string | undefined)[] = [];
    if (mode === 'without versions') await first.stop();
    const second = await start('new');
    if (mode === 'auto_upgrade') await first.stop();
    await settle(begunByOld, builds);

    const begunByNew = await openRuns(stage, 'second');
    if (mode === 'without versions') await second.stop();
    if (mode === 'pinned') await versions?.setCurrent('old');
    else await start('old');
    if (mode === 'auto_upgrade') await second.stop();
    await settle(begunByNew, builds);

    expect(effects(stage)).toEqual(expectedEffects(stage, ['first', 'second']));
    if (mode === 'without versions') expect(new Set(builds).size).toBe(2);
    else expect(builds).toEqual(mode === 'pinned' ? ['old', 'new'] : ['new', 'old']);
  } finally {
    await stage.close();
  }
}

/** @param builds to which the one is added that has ended the job that waited */
async function settle(runs: OpenRuns, builds: (string | undefined)[]): Promise<void> {
  await runs.settle();
  builds.push(await lastBuild(runs.ending['a job that waits'] as WorkflowHandle));
}

/** The version that ran a run's last workflow task; without versions its bundle, by which the SDK then identifies a worker. */
async function lastBuild(run: WorkflowHandle): Promise<string | undefined> {
  const { events } = await run.fetchHistory();
  const last = events?.findLast((event) => event.workflowTaskCompletedEventAttributes);
  const { deploymentVersion, workerVersion } = last?.workflowTaskCompletedEventAttributes ?? {};
  return (deploymentVersion ?? workerVersion)?.buildId ?? undefined;
}

/** Versions of the workers on the stage, made current as an operator does it. */
function deploymentOf(stage: Stage, behavior: 'auto_upgrade' | 'pinned') {
  const name = `d-${randomUUID()}`;
  return {
    version: (buildId: string) => ({ name, buildId, behavior }),
    async setCurrent(build_id: string) {
      const { address, namespace } = temporal.config;
      const file = `${name}.yaml`;
      const deployment = { name, build_id, behavior };
      writeConfig(folder.path, { temporal: { address, namespace, task_queue: stage.taskQueue, deployment } }, file);
      const args = ['setup', '--config', file, '--set-current', '--wait', '2m'];
      const { code, stderr } = await runCommand(args, { cwd: folder.path });
      expect([code, stderr]).toEqual([0, '']);
      await eventually('new runs go to the version', () => getsNewRuns(stage, build_id));
    },
  };
}

/** Temporal's task queues learn of a current version in their own time. */
async function getsNewRuns(stage: Stage, build: string): Promise<boolean> {
  const job = randomUUID();
  await stage.jobs.submit({ provider: 'scripted', job, endpoints: [stage.heldName] });
  const run = client.workflow.getHandle(`scripted/${job}`);
  const given = await eventually('a version has the run', async () => {
    const { raw } = await run.describe();
    return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId || undefined;
  });
  await run.terminate('was only to see which version it goes to');
  return given === build;
}
