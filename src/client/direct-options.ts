import type { Client } from '@temporalio/client';
import type { ConfigFile, TemporalSection } from '../../schemas/types';
import type { Config, TemporalConfig } from '../config/config';
import { loadConfig, parseConfig } from '../config/load-config';
import { withoutUndefined } from '../domain/without-undefined';

/** Straight to Temporal, without a gateway. */
export interface DirectOptions {
  /** Where Temporal is. What is left out comes from the configuration, or else is its default. */
  readonly temporal?: TemporalOptions;
  /**
   * A client that the program has already, with its own connection, namespace and data converter. It is left open by
   * `close()`. Of `temporal`, `taskQueue` and `ui` still count.
   */
  readonly client?: Client;
  /**
   * The configuration as jobherald.yaml has it. Only `submit` and `redeliver` look at endpoints and secrets (and
   * `complete`, where a job that nobody submitted is to be tracked); they must be those of the workers. Default: none.
   */
  readonly config?: ConfigFile;
  /** The same from a file, relative to the working directory. Instead of `config`. */
  readonly configFile?: string;
  /** Where `${NAME}` in the configuration is looked up, e.g. `process.env`. Default: nowhere. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How long connecting may take at the first call, and each call then, in milliseconds. Default: 10000. */
  readonly timeoutMs?: number;
}

export interface TemporalOptions {
  /** host:port. Default: 127.0.0.1:7233. */
  readonly address?: string;
  /** Default: `default`. */
  readonly namespace?: string;
  /** Of jobherald's workers. Default: `jobherald`. */
  readonly taskQueue?: string;
  /** Temporal Cloud API key; it switches TLS on. Default: none. */
  readonly apiKey?: string;
  /** true, false, or its details: the name in the server's certificate, and PEM files. Default: false. */
  readonly tls?:
    | boolean
    | { readonly serverName?: string; readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** Base URL of the Web UI, for `links`. Default: the address's host, and its port plus 1000. */
  readonly ui?: string;
}

/**
 * The configuration of a client that speaks straight to Temporal: the given one or the defaults, with what the
 * program says of Temporal on top.
 * @throws {ConfigError} with every fault there is
 */
export function directConfig({ config, configFile, temporal = {}, env = {} }: DirectOptions): Config {
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
