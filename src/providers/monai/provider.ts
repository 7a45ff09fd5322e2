import { connectRabbitmq } from '../../brokers/rabbitmq/connection';
import { type JobContext, type Provider, ProviderError, type ProviderOptions } from '../provider';
import type { ListRequest } from '../watching';
import { createArgoPlugin } from './argo/plugin';
import type { MonaiConfig } from './config';
import { isPluginType, PLUGIN_TYPES, type PluginType } from './first-status';
import type { Plugin } from './plugin';

export const MONAI = 'monai';

const DEADLINE_MS = 10_000;
/** Leaves room for the provider's name within a workflow ID of 255 bytes. */
const MAX_EXECUTION_ID_BYTES = 240;

/** MONAI Deploy tasks. A job is a task's `execution_id`; the plug-in that its dispatch names returns its status. */
export function createMonaiProvider(config: MonaiConfig, options: ProviderOptions): Provider {
  const { warn, deadlineMs = DEADLINE_MS } = options;
  const plugins: Readonly<Record<PluginType, Plugin>> = {
    argo: createArgoPlugin(config.argo, { warn, deadlineMs }),
  };

  const { list } = plugins.argo;

  const taskOf = (context: JobContext | undefined): { readonly plugin: Plugin; readonly identity: string } => {
    const { origin = null, identity = null } = context ?? {};
    // A task that was submitted by hand has no type.
    const type = String(origin?.['type'] ?? PLUGIN_TYPES[0]);
    if (!isPluginType(type)) throw new ProviderError('unsupported', `there is no plug-in for tasks of type ${type}`);
    if (identity === null) throw new ProviderError('unavailable', 'no callback has named the identity of the task yet');
    return { plugin: plugins[type], identity };
  };

  return {
    name: MONAI,
    poll: config.poll,
    unspecifiedState: 'Unknown',
    track: config.track,
    overdueAfterMs: config.overdueAfterMs,
    watching: {
      sweep: config.sweep,
      safetyMs: config.safetyMs,
      tracked: { scopes: [], sinceMs: 0 },
      scopeOf: () => config.argo.namespace,
      namePrefix: () => '',
      // A task is listed by the identity that a callback named.
      keyOf: (_job, watchKey) => (list ? watchKey : undefined),
      ...(list && { list: ({ signal }: ListRequest) => list(signal) }),
    },
    rules: {
      truth: 'provider',
      ask_from: 'identity',
      timeout_seconds: config.taskTimeoutMs / 1000,
      release: config.argo.release !== 'none',
    },

    canonicalJobName(job) {
      if (!/^[^\p{Cc}\s]+$/u.test(job) || Buffer.byteLength(job) > MAX_EXECUTION_ID_BYTES) {
        throw new ProviderError(
          'invalid_job_name',
          `a MONAI job is named by its execution_id: no white space, at most ${MAX_EXECUTION_ID_BYTES} bytes`,
        );
      }
      return job;
    },

    async getJobStatus(_job, signal, context) {
      const { plugin, identity } = taskOf(context);
      return plugin.getStatus(identity, signal);
    },

    async cancelJob(_job, signal, context) {
      const { plugin, identity } = taskOf(context);
      await plugin.cancel(identity, signal);
    },

    async release(_job, signal, context) {
      const { plugin, identity } = taskOf(context);
      await plugin.release(identity, signal);
    },

    async check(signal) {
      const results = await Promise.all([
        checkBroker(config),
        ...Object.values(plugins).map((plugin) => plugin.check(signal)),
      ]);
      return results.join('; ');
    },

    async close() {
      await Promise.all(Object.values(plugins).map((plugin) => plugin.close()));
    },
  };
}

const CHECK_MS = 5_000;

/**
 * Connects to the broker and changes nothing there.
 * @throws {ProviderError}
 */
async function checkBroker({ rabbitmq }: MonaiConfig): Promise<string> {
  const { host } = new URL(rabbitmq);
  const connection = connectRabbitmq(rabbitmq, { name: 'jobherald check' });
  try {
    await connection.untilUp(CHECK_MS);
    return `reached RabbitMQ at ${host}`;
  } catch (error) {
    throw new ProviderError('unavailable', `RabbitMQ at ${host}: ${(error as Error).message}`, { cause: error });
  } finally {
    await connection.close();
  }
}
