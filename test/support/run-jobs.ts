import type { Client } from '@temporalio/client';
import type { NativeConnection, WorkflowBundleOption } from '@temporalio/worker';
import type { Counters, Observations } from '../../activities/dependencies';
import type { Channels } from '../../src/channels/channel';
import type { NameResolver } from '../../src/channels/webhook/guard/name-resolver';
import { createWebhookChannel } from '../../src/channels/webhook/webhook-channel';
import type { Config } from '../../src/config/config';
import { createEngine, type Engine } from '../../src/engine';
import type { Provider } from '../../src/providers/provider';
import { createWorker } from '../../src/temporal/create-worker';

export const NO_COUNTERS: Counters = {
  providerRequest: () => {},
  attempt: () => {},
  delivery: () => {},
  overdue: () => {},
  ended: () => {},
  unreadable: () => {},
  brokenRun: () => {},
};

const NO_OBSERVATIONS: Observations = {
  sweep: () => {},
  sweepsEnded: () => {},
  counts: () => {},
  countsEnded: () => {},
};

export interface RunningJobs extends Engine {
  stop(): Promise<void>;
}

/** A real worker, with the real webhook channel, on the given Temporal; and the client that speaks to it. */
export async function runJobs(parts: {
  readonly config: Config;
  readonly provider: Provider;
  /** Others beside it. */
  readonly otherProviders?: readonly Provider[];
  readonly client: Client;
  readonly connection: NativeConnection;
  readonly bundle: WorkflowBundleOption;
  readonly count?: Counters;
  readonly observe?: Partial<Observations>;
  /** Default: true. False on the time-skipping server, which has no visibility. */
  readonly watchScopes?: boolean;
  /** In place of the system's. */
  readonly resolver?: NameResolver | undefined;
  /** Beside the webhook channel; closed by whoever opened them. */
  readonly channels?: Channels;
}): Promise<RunningJobs> {
  const { config, provider, client, connection, bundle } = parts;
  const all = [provider, ...(parts.otherProviders ?? [])];
  const providers = new Map(all.map((each) => [each.name, each]));
  const { secrets, network, gateway } = config;
  const { inlineEndpoints } = gateway;
  const { resolver } = parts;
  const webhook = createWebhookChannel({
    secrets,
    network,
    inlineEndpoints,
    version: 'test',
    ...(resolver && { resolver }),
  });
  const worker = await createWorker({
    connection,
    bundle,
    dependencies: {
      config,
      providers,
      channels: { webhook, ...parts.channels },
      client,
      count: parts.count ?? NO_COUNTERS,
      observe: { ...NO_OBSERVATIONS, ...parts.observe },
      watchScopes: parts.watchScopes ?? true,
      random: () => 0.5,
    },
  });
  const running = worker.run();
  return {
    ...createEngine({ client, config, providers }),
    stop: async () => {
      worker.shutdown();
      await running;
      await webhook.close();
    },
  };
}
