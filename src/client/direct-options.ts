import type { ConfigFile } from '../../schemas/types';

/** Straight to Temporal, without a gateway. */
export interface DirectOptions {
  /** Where Temporal is. What is left out comes from the configuration, or else is its default. */
  readonly temporal?: TemporalOptions;
  /**
   * A `Client` of `@temporalio/client` that the program has already, with its own connection, namespace and data converter. It is left open by
   * `close()`. Of `temporal`, `taskQueue` and `ui` still count.
   */
  readonly client?: TemporalClient;
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
 * What distinguishes a `Client` of `@temporalio/client` from other values. Not its own type, so that a program over HTTP
 * compiles without that package.
 */
export interface TemporalClient {
  readonly connection: object;
  readonly workflow: object;
  readonly workflowService: object;
}
