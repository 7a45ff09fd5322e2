import { randomUUID } from 'node:crypto';
import { Client, type WorkflowHandle } from '@temporalio/client';
import type { NameResolver } from '../../src/channels/webhook/guard/name-resolver';
import type { Config } from '../../src/config/config';
import type { Provider } from '../../src/providers/provider';
import { eventually } from './eventually';
import { connectRealTemporal, type RealTemporal } from './real-temporal';
import { type RunningJobs, runJobs } from './run-jobs';
import { type ScriptedProvider, scriptedProvider } from './scripted-provider';
import { type TestEndpoint, testConfig } from './test-config';
import { workflows } from './workflows';

export interface RealRun extends RunningJobs {
  readonly client: Client;
  readonly config: Config;
  readonly provider: ScriptedProvider;
  /** Submits a job of a new name to endpoints of the configuration, and waits until the provider has been asked about it. */
  submit(...endpoints: [string, ...string[]]): Promise<{ readonly job: string; readonly handle: WorkflowHandle }>;
  /** Ends the worker alone; harmless twice. */
  stopWorker(): Promise<void>;
  /** Starts a worker in place of the one that was ended. */
  startWorker(): Promise<void>;
}

/** A worker of its own task queue on the test run's real Temporal server. */
export async function startRealRun(
  options: {
    readonly endpoints?: readonly TestEndpoint[];
    readonly provider?: ScriptedProvider;
    readonly resolver?: NameResolver;
    /** Name of the operations endpoint. */
    readonly operations?: string;
    /** Default: the test run's own, which is then closed with the run. */
    readonly temporal?: RealTemporal | undefined;
  } = {},
): Promise<RealRun> {
  const temporal = options.temporal ?? (await connectRealTemporal());
  const client = new Client({ connection: temporal.connection });
  const provider = options.provider ?? scriptedProvider();
  const config = testConfig({
    endpoints: options.endpoints ?? [],
    operations: options.operations ?? '',
    temporal: { ...temporal.config, taskQueue: `test-${randomUUID()}` },
  });
  const bundle = await workflows();
  const startWorker = () =>
    runJobs({
      config,
      provider: provider as Provider,
      client,
      connection: temporal.nativeConnection,
      bundle,
      resolver: options.resolver,
    });
  const first = await startWorker();
  let worker: RunningJobs | undefined = first;
  const stopWorker = async () => {
    const ending = worker;
    worker = undefined;
    await ending?.stop();
  };
  return {
    ...first,
    client,
    config,
    provider,
    async submit(...endpoints) {
      const job = randomUUID();
      await first.jobs.submit({ provider: 'scripted', job, endpoints });
      await eventually('the provider is asked', () => provider.asked.includes(job));
      return { job, handle: client.workflow.getHandle(`scripted/${job}`) };
    },
    stopWorker,
    startWorker: async () => {
      worker = await startWorker();
    },
    stop: async () => {
      await stopWorker();
      if (!options.temporal) await temporal.close();
    },
  };
}
