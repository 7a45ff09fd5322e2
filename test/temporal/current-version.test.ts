import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { temporal as proto } from '@temporalio/proto';
import type { Config } from '../../src/config/config';
import { caretakerWorkflowId } from '../../src/domain/scope-watch';
import { ensureCaretaker } from '../../src/engine';
import type { Provider } from '../../src/providers/provider';
import { setCurrentVersion } from '../../src/temporal/current-version';
import { eventually } from '../support/eventually';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { type RunningJobs, runJobs } from '../support/run-jobs';
import { RUNNING, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';
import { testConfig } from '../support/test-config';
import { workflows } from '../support/workflows';

type Behavior = NonNullable<Config['temporal']['deployment']>['behavior'];

let temporal: RealTemporal;
let client: Client;
let receiver: TestReceiver;
const running = new Set<RunningJobs>();

beforeAll(async () => {
  temporal = await connectRealTemporal();
  client = new Client({ connection: temporal.connection });
  receiver = await startReceiver();
});
afterEach(async () => {
  await Promise.all([...running].map((worker) => worker.stop()));
  running.clear();
});
afterAll(async () => {
  await receiver.close();
  await temporal.close();
});

/** Workers of one deployment, each of its own version, that ask one provider. */
function deploymentOf(behavior: Behavior) {
  const name = `d-${randomUUID()}`;
  const taskQueue = `test-${randomUUID()}`;
  const provider = scriptedProvider();
  const configOf = (buildId: string) =>
    testConfig({
      endpoints: [{ name: 'orders', url: receiver.url }],
      temporal: { ...temporal.config, taskQueue, deployment: { name, buildId, behavior } },
    });
  return {
    provider,
    taskQueue,
    setCurrent: (buildId: string, waitMs = 120_000) =>
      setCurrentVersion(temporal.connection, configOf(buildId).temporal, waitMs),
    async start(buildId: string) {
      const worker = await runJobs({
        config: configOf(buildId),
        provider: provider as Provider,
        client,
        connection: temporal.nativeConnection,
        bundle: await workflows(),
      });
      running.add(worker);
      return worker;
    },
  };
}

async function versionOf(job: string): Promise<string | undefined> {
  const { raw } = await client.workflow.getHandle(`scripted/${job}`).describe();
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? undefined;
}

describe('a version of the workers', () => {
  it('has no hold on what never ends: the caretaker goes on with the next version, pinned or not', async () => {
    const deployment = deploymentOf('pinned');
    await deployment.start('one');
    await deployment.setCurrent('one');
    await ensureCaretaker(client, deployment.taskQueue);
    const behavior = await eventually('the version has the run', async () => {
      const { raw } = await client.workflow.getHandle(caretakerWorkflowId(deployment.taskQueue)).describe();
      return raw.workflowExecutionInfo?.versioningInfo?.behavior || undefined;
    });
    expect(behavior).toBe(proto.api.enums.v1.VersioningBehavior.VERSIONING_BEHAVIOR_AUTO_UPGRADE);
  });

  it('is made current only once its workers poll, and gets nothing before', async () => {
    const deployment = deploymentOf('auto_upgrade');
    await expect(deployment.setCurrent('one', 0)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('no worker of version one'),
    });
    const worker = await deployment.start('one');
    const job = randomUUID();
    await worker.jobs.submit({ provider: 'scripted', job, endpoints: ['orders'] });
    expect(await versionOf(job)).toBeUndefined();

    expect(await deployment.setCurrent('one')).toMatch(/^version one of d-.* is current$/);
    await eventually('the version has the run', async () => (await versionOf(job)) === 'one');
    expect(await deployment.setCurrent('one')).toMatch(/was current already$/);
  });

  it.each([
    ['auto_upgrade', 'two'],
    ['pinned', 'one'],
  ] as const)('%s: an open run is ended by version %s, when two is current', async (behavior, expected) => {
    const deployment = deploymentOf(behavior);
    const one = await deployment.start('one');
    await deployment.setCurrent('one');
    const job = randomUUID();
    deployment.provider.says(RUNNING);
    await one.jobs.submit({ provider: 'scripted', job, endpoints: ['orders'] });
    await eventually('the first version has the run', async () => (await versionOf(job)) === 'one');

    await deployment.start('two');
    expect(await deployment.setCurrent('two')).toContain('in place of one');
    // Temporal tells its task queues in its own time.
    await eventually('the second version has new runs', async () => {
      const later = randomUUID();
      await one.jobs.submit({ provider: 'scripted', job: later, endpoints: ['orders'] });
      await eventually('a version has the run', () => versionOf(later));
      return (await versionOf(later)) === 'two';
    });
    deployment.provider.says(SUCCEEDED);
    await one.jobs.complete('scripted', job, {});
    await eventually('the end is delivered', () => receiver.received.some(({ json }) => json.data?.['job'] === job));
    await client.workflow.getHandle(`scripted/${job}`).result();
    expect(await versionOf(job)).toBe(expected);
  });
});
