import { Client } from '@temporalio/client';
import type { WorkflowBundleOption } from '@temporalio/worker';
import type { Config, EndpointConfig } from '../../src/config/config';
import type { Provider } from '../../src/providers/provider';
import { bundleWorkflows } from '../../src/temporal/workflow-bundle';
import { connectRealTemporal } from './real-temporal';
import { type RunningJobs, runJobs } from './run-jobs';
import { type ScriptedProvider, scriptedProvider } from './scripted-provider';
import { testConfig } from './test-config';

export interface RealRun extends RunningJobs {
  readonly client: Client;
  readonly config: Config;
  readonly provider: ScriptedProvider;
}

let bundled: Promise<WorkflowBundleOption> | undefined;

/** Bundled once for the whole test run by its global set-up; else, for a single file, here. */
function workflows(): Promise<WorkflowBundleOption> {
  const codePath = process.env['JOBHERALD_TEST_BUNDLE'];
  bundled ??= codePath ? Promise.resolve({ codePath }) : bundleWorkflows();
  return bundled;
}

/** A worker of its own task queue on the test run's real Temporal server. */
export async function startRealRun(
  options: {
    readonly endpoints?: readonly (Partial<EndpointConfig> & { readonly name: string; readonly url: string })[];
    readonly provider?: ScriptedProvider;
  } = {},
): Promise<RealRun> {
  const temporal = await connectRealTemporal();
  const client = new Client({ connection: temporal.connection });
  const provider = options.provider ?? scriptedProvider();
  const config = testConfig({
    endpoints: options.endpoints ?? [],
    temporal: temporal.config,
  });
  const running = await runJobs({
    config,
    provider: provider as Provider,
    client,
    connection: temporal.nativeConnection,
    bundle: await workflows(),
  });
  return {
    ...running,
    client,
    config,
    provider,
    stop: async () => {
      await running.stop();
      await temporal.close();
    },
  };
}
