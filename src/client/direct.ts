import type { Client } from '@temporalio/client';
import type { TemporalSection } from '../../schemas/types';
import type { Config, TemporalConfig } from '../config/config';
import { loadConfig, parseConfig } from '../config/load-config';
import { withoutUndefined } from '../domain/without-undefined';
import type { DirectOptions, TemporalOptions } from './direct-options';
import type { Transport } from './http-transport';
import { openTemporalTransport } from './temporal-transport';

/**
 * Connects straight to Temporal. This file and what it imports is loaded at the first call of a client without a
 * gateway, and never by one with: see jobherald.ts.
 * @throws {ConfigError} with every fault there is
 * @throws {JobHeraldError} `unavailable` where Temporal cannot be reached in time
 */
export async function openDirectly({ client, timeoutMs, ...options }: DirectOptions): Promise<Transport> {
  return openTemporalTransport(directConfig(options), {
    ...(client && { client: client as Client }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
}

/**
 * The configuration of a client that speaks straight to Temporal: the given one or the defaults, with what the
 * program says of Temporal on top.
 * @throws {ConfigError} with every fault there is
 */
function directConfig({ config, configFile, temporal = {}, env = {} }: DirectOptions): Config {
  const cwd = process.cwd();
  const base =
    configFile === undefined
      ? parseConfig(JSON.stringify(config ?? {}), { env, cwd })
      : loadConfig({ file: configFile, env, cwd });
  // Values of the program are no templates: nothing in them is expanded.
  const own = parseConfig(JSON.stringify({ temporal: sectionOf(temporal) }).replaceAll('${', '$${'), { env: {}, cwd });
  return { ...base, temporal: { ...base.temporal, ...given(temporal, own.temporal) } };
}

/** As the file spells it, so that it is checked and completed by the same rules. */
function sectionOf({ address, namespace, taskQueue, apiKey, tls, ui }: TemporalOptions): TemporalSection {
  return withoutUndefined({
    address,
    namespace,
    task_queue: taskQueue,
    api_key: apiKey,
    ui,
    tls:
      typeof tls === 'object'
        ? withoutUndefined({ server_name: tls.serverName, ca: tls.ca, cert: tls.cert, key: tls.key })
        : tls,
  });
}

/** Only what the program said. The address brings its Web UI along. */
function given(options: TemporalOptions, own: TemporalConfig): Partial<TemporalConfig> {
  return {
    ...(options.address !== undefined && { address: own.address, ui: own.ui }),
    ...(options.ui !== undefined && { ui: own.ui }),
    ...(options.namespace !== undefined && { namespace: own.namespace }),
    ...(options.taskQueue !== undefined && { taskQueue: own.taskQueue }),
    ...(options.apiKey !== undefined && { apiKey: own.apiKey }),
    ...((options.tls !== undefined || options.apiKey) && { tls: own.tls }),
  };
}
