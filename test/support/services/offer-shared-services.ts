import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { startKafka } from './kafka/kafka';
import { startPostgres } from './postgres';
import { startRabbitmq } from './rabbitmq';
import { startRedis } from './redis';
import type { Service } from './service';
import type { SharedServices } from './shared-service';

type Shares = { readonly [Name in keyof SharedServices]: () => Promise<SharedServices[Name]> };

/**
 * Offers each service to all test files of a run: started when the first of them asks, ended by `stop`. They belong to the
 * process of the run, and not to that of a test file, which ends before the next file asks.
 */
export async function offerSharedServices(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const started: Service[] = [];
  const shares = sharesOf(started);
  const server = createServer(async ({ url = '' }, response) => {
    const share = shares[url.slice(1) as keyof SharedServices];
    try {
      response.writeHead(200).end(JSON.stringify(await share()));
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A run that is broken off is not held up by this server.
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close();
      await Promise.all(started.map((service) => service.stop()));
    },
  };
}

function sharesOf(started: Service[]): Shares {
  const once = <T extends Service>(start: () => Promise<T>): (() => Promise<T>) => {
    let starting: Promise<T> | undefined;
    return () => {
      starting ??= start().then((service) => {
        started.push(service);
        return service;
      });
      return starting;
    };
  };
  const kafka = once(startKafka);
  const rabbitmq = once(startRabbitmq);
  const postgres = once(startPostgres);
  const redis = once(() => startRedis({ databases: 64 }));
  let databases = 0;
  return {
    async kafka() {
      const { broker, saslBroker, listenerPort, forwardedPort } = await kafka();
      return { broker, saslBroker, listenerPort, forwardedPort };
    },
    async rabbitmq() {
      const { url, port } = await rabbitmq();
      return { url, port };
    },
    async postgres() {
      const { url } = await postgres();
      const name = `test_${++databases}`;
      await createDatabase(url, name);
      return { url: new URL(name, url).href };
    },
    async redis() {
      const { url } = await redis();
      return { url: `${url}/${++databases}` };
    },
  };
}

async function createDatabase(url: string, name: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
}
