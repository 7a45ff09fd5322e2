import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { WorkflowBundleOption } from '@temporalio/worker';
import type { Config } from '../../src/config/config';
import { NOT_ASKED_YET } from '../../src/domain/job-run';
import { createEngine, type Engine } from '../../src/engine';
import type { Provider } from '../../src/providers/provider';
import type { RealTemporal } from '../support/real-temporal';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { type RunningJobs, runJobs } from '../support/run-jobs';
import { RUNNING, type ScriptedProvider, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';
import { type TestEndpoint, testConfig } from '../support/test-config';

type Deployment = NonNullable<Config['temporal']['deployment']>;

/** What versions of workers share: a task queue, the jobs of one provider, and three endpoints with real receivers. */
export interface Stage extends Engine {
  readonly client: Client;
  readonly taskQueue: string;
  readonly provider: ScriptedProvider;
  /** Accepts whatever it gets. */
  readonly orders: TestReceiver;
  /** Answers 503 while a test says so. */
  readonly flaky: TestReceiver;
  /** Of the endpoint that is paused: {@link heldName}. */
  readonly held: TestReceiver;
  /** A name of its own, for a namespace has one pause for each name. */
  readonly heldName: string;
  /** Jobs that have ended, with the time. A LIST shows them too; so a sweep finds what nobody announces. */
  readonly ended: Map<string, string>;
  /** A worker whose workflows are those of a bundle. */
  startWorker(bundle: WorkflowBundleOption, deployment?: Deployment): Promise<RunningJobs>;
  close(): Promise<void>;
}

export async function setStage(temporal: RealTemporal, client: Client): Promise<Stage> {
  const [orders, flaky, held] = [await startReceiver(), await startReceiver(), await startReceiver()];
  const retry = { firstMs: 300, factor: 1, maxMs: 300, forMs: 3_600_000 };
  const heldName = `held-${randomUUID()}`;
  const endpoints: TestEndpoint[] = [
    { name: 'orders', url: orders.url },
    { name: 'flaky', url: flaky.url, retry },
    { name: heldName, url: held.url },
  ];
  const taskQueue = `test-${randomUUID()}`;
  const ended = new Map<string, string>();
  const provider = jobsElsewhere(ended);
  const configWith = (deployment?: Deployment) =>
    testConfig({ endpoints, temporal: { ...temporal.config, taskQueue, deployment } });
  const workers = new Set<RunningJobs>();
  return {
    ...createEngine({ client, config: configWith(), providers: new Map([[provider.name, provider]]) }),
    client,
    taskQueue,
    provider,
    orders,
    flaky,
    held,
    heldName,
    ended,
    async startWorker(bundle, deployment) {
      const config = configWith(deployment);
      const worker = await runJobs({
        config,
        provider: provider as Provider,
        client,
        connection: temporal.nativeConnection,
        bundle,
      });
      workers.add(worker);
      const stop = async () => {
        if (workers.delete(worker)) await worker.stop();
      };
      return { ...worker, stop };
    },
    async close() {
      await Promise.all([...workers].map((worker) => worker.stop()));
      await Promise.all([orders, flaky, held].map((receiver) => receiver.close()));
    },
  };
}

function jobsElsewhere(ended: ReadonlyMap<string, string>): ScriptedProvider {
  const provider = scriptedProvider({
    watching: {
      sweep: { everyMs: 300, budget: { requests: 1_000, perMs: 60_000 } },
      async *list({ jobs }) {
        yield jobs.map((job) => ({
          key: job,
          job,
          state: ended.has(job) ? 'COMPLETED' : 'RUNNING',
          created_at: null,
          ended_at: ended.get(job) ?? null,
        }));
      },
    },
  });
  return Object.assign(provider, {
    getJobStatus: async (job: string) => {
      const ended_at = ended.get(job);
      return { ...NOT_ASKED_YET, ...(ended_at === undefined ? RUNNING : { ...SUCCEEDED, ended_at }) };
    },
  });
}
