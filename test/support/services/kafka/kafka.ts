import { rm } from 'node:fs/promises';
import { freePort } from '../../free-port';
import type { Service } from '../service';
import { serviceDirectory } from '../service';
import { untilKafkaServes } from './admin';
import type { KafkaPorts } from './runner';
import { hasEngine, startWithCompose } from './with-compose';
import { startWithJava } from './with-java';

/** A Kafka broker of one node, with its own topics only: none is made by being asked for. */
export interface KafkaService extends Service {
  /** `host:port`, for bootstrapping: plaintext, nobody is asked who they are. */
  readonly broker: string;
  /** The same with SASL: PLAIN and SCRAM, user {@link KAFKA_USER} of runner.ts. */
  readonly saslBroker: string;
  /** The port of a third listener, which tells clients to come to `forwardedPort`. */
  readonly listenerPort: number;
  /** Where a test may put a TCP forwarder to `listenerPort`, so that it can cut every connection that came by it. */
  readonly forwardedPort: number;
  /** Ends the broker at once, as a power cut does. */
  kill(): Promise<void>;
  /** Starts a killed broker again, with the same data and ports. */
  restart(): Promise<void>;
}

/**
 * Starts a broker on loopback: with Docker Compose where there is an engine, else with Java from Maven's jars, which
 * are downloaded once (43 MB).
 */
export async function startKafka(): Promise<KafkaService> {
  const [plain, controller, sasl, listener, forwarded] = await Promise.all(Array.from({ length: 5 }, freePort));
  const ports = { plain, controller, sasl, listener, forwarded } as KafkaPorts;
  const directory = await serviceDirectory('kafka');
  const start = (await hasEngine()) ? startWithCompose : startWithJava;
  const runner = await start(ports, directory);
  const broker = `127.0.0.1:${ports.plain}`;
  const stop = async () => {
    await runner.remove();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await untilKafkaServes(broker, directory);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    broker,
    saslBroker: `127.0.0.1:${ports.sasl}`,
    listenerPort: ports.listener,
    forwardedPort: ports.forwarded,
    kill: () => runner.kill(),
    async restart() {
      await runner.start();
      await untilKafkaServes(broker, directory);
    },
    stop,
  };
}
