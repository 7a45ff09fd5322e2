import { type ChannelOptions, type Client, credentials } from '@grpc/grpc-js';
import type { VertexAiConfig } from './config';
import type { ServiceClient } from './job-name';

/** A gRPC stub as the generated client makes it: one function for each method, in camel case. */
export type Stub = Client & Readonly<Record<string, unknown>>;

/** One client for each service and location, created at first use and kept. */
export interface Clients {
  /** @throws where no credentials are found; the next call looks again */
  stub(service: ServiceClient, location: string): Promise<Stub>;
  /** Loads the library and parses its protos, which blocks for one or two seconds; later clients then cost milliseconds. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

interface GeneratedClient {
  initialize(): Promise<unknown>;
  close(): Promise<void>;
}

export function createClients(config: Pick<VertexAiConfig, 'apiEndpoint' | 'insecure'>): Clients {
  const clients = new Map<string, GeneratedClient>();

  const create = async (service: ServiceClient, location: string): Promise<GeneratedClient> => {
    const library = await load();
    return new library[service](clientOptions(config, location));
  };

  return {
    async stub(service, location) {
      const key = config.apiEndpoint ? service : `${service} ${location}`;
      const created = clients.get(key) ?? (await create(service, location));
      // Two callers may have waited for the library at the same time; the first client is kept.
      const client = clients.get(key) ?? created;
      clients.set(key, client);
      try {
        // Always before a method is called: a generated method whose initialization fails rejects a promise that
        // nobody holds, which ends the process.
        return (await client.initialize()) as Stub;
      } catch (error) {
        // The client would keep the failure for ever, and credentials may appear later.
        if (clients.get(key) === client) clients.delete(key);
        throw error;
      }
    },

    async warmUp() {
      await create('JobServiceClient', 'us-central1');
    },

    async close() {
      const open = [...clients.values()];
      clients.clear();
      await Promise.allSettled(open.map((client) => client.close()));
    },
  };
}

/**
 * Loads version 1 alone, and only when needed: the package's main entry also loads v1beta1, which doubles memory and
 * load time. The gateway never loads it.
 */
async function load() {
  return import('@google-cloud/aiplatform/build/src/v1/index.js');
}

const CHANNEL: ChannelOptions = {
  // The next call detects within seconds that a middlebox dropped the connection, and does not wait for TCP to give up.
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 5_000,
  // The library's default, two minutes, would prolong an outage by two minutes.
  'grpc.max_reconnect_backoff_ms': 5_000,
};

function clientOptions(config: Pick<VertexAiConfig, 'apiEndpoint' | 'insecure'>, location: string) {
  const { host, port } = serviceAddress(config, location);
  const options = { ...CHANNEL, apiEndpoint: host, port };
  if (!config.insecure || !config.apiEndpoint) return options;
  return {
    ...options,
    sslCreds: credentials.createInsecure(),
    // Without it the library asks the credentials, and looks for some on disk and at the metadata server.
    universeDomain: 'googleapis.com',
    // Plaintext is for an emulator or a private network, so a proxy of the environment is not used.
    'grpc.enable_http_proxy': 0,
  };
}

const HTTPS = 443;

/**
 * The regional endpoint of a location, or the configured override for all locations. The location `global` uses the
 * endpoint without a region (https://cloud.google.com/vertex-ai/docs/reference/rest#service-endpoint).
 */
export function serviceAddress(
  { apiEndpoint }: Pick<VertexAiConfig, 'apiEndpoint'>,
  location: string,
): { readonly host: string; readonly port: number } {
  if (!apiEndpoint) {
    return { host: `${location === 'global' ? '' : `${location}-`}aiplatform.googleapis.com`, port: HTTPS };
  }
  const [, host = apiEndpoint, port] = /^(.*?)(?::(\d+))?$/.exec(apiEndpoint) ?? [];
  return { host, port: port ? Number(port) : HTTPS };
}
