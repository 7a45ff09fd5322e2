import { type ChannelOptions, type Client, credentials } from '@grpc/grpc-js';
import type { VertexAiConfig } from '../../config/config';
import type { ServiceClient } from './job-kind';
import { serviceAddress } from './service-address';

/** A gRPC stub as the generated client makes it: one function for each method, in camel case. */
export type Stub = Client & Readonly<Record<string, unknown>>;

/** One client for each service and location, made at its first use and kept. */
export interface Clients {
  /** @throws where credentials cannot be found; the next call looks again */
  stub(service: ServiceClient, location: string): Promise<Stub>;
  /** Loads the library and parses its protos, which blocks for a second or two; later clients then cost milliseconds. */
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
      // Two first callers may have been waiting for the library at once: the first to come back is kept.
      const client = clients.get(key) ?? created;
      clients.set(key, client);
      try {
        // Always before a method: a generated method whose client cannot be initialised rejects out of reach and
        // ends the process.
        return (await client.initialize()) as Stub;
      } catch (error) {
        // It would remember the failure for ever, and credentials may come.
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
 * Only version 1, and only when needed: the package's front door also loads v1beta1, which doubles both the
 * memory and the seconds. The gateway never comes here.
 */
async function load() {
  return import('@google-cloud/aiplatform/build/src/v1/index.js');
}

const CHANNEL: ChannelOptions = {
  // A connection that a middlebox forgot is found by the next call within seconds, not when TCP gives up.
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 5_000,
  // The library's own two minutes would outlast an outage by two minutes.
  'grpc.max_reconnect_backoff_ms': 5_000,
};

function clientOptions(config: Pick<VertexAiConfig, 'apiEndpoint' | 'insecure'>, location: string) {
  const { host, port } = serviceAddress(config, location);
  const options = { ...CHANNEL, apiEndpoint: host, port };
  if (!config.insecure || !config.apiEndpoint) return options;
  return {
    ...options,
    sslCreds: credentials.createInsecure(),
    // Unless told, the library asks the credentials for it, and looks for some on disk and at the metadata server.
    universeDomain: 'googleapis.com',
    // Plaintext is for an emulator or a private network: no proxy from the environment in between.
    'grpc.enable_http_proxy': 0,
  };
}
