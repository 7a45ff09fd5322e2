import { describeTopics } from '../brokers/kafka/cluster';
import { faultOf } from '../brokers/kafka/fault';
import { connectRabbitmq } from '../brokers/rabbitmq/connection';
import type { Config, KafkaEndpoint, RabbitmqEndpoint, TemporalConfig } from '../config/config';
import type { Provider } from '../providers/provider';
import { configuredSystems } from '../providers/registry';
import { connectWorker } from '../temporal/connect-worker';
import { missingSetup } from '../temporal/setup';
import { connectWithin, within } from './reach-temporal';

/** What became of one thing that was looked at. `text` is one line. */
export interface Finding {
  readonly ok: boolean;
  /** `temporal`, `vertex-ai`, `endpoint status-topic`. */
  readonly about: string;
  readonly text: string;
}

const TEMPORAL_WITHIN_MS = 5_000;
const PROVIDER_WITHIN_MS = 15_000;

/** `jobherald check`, the configuration being valid: reaches Temporal and every configured system, each in its turn. */
export async function* check(config: Config): AsyncGenerator<Finding> {
  yield await find('temporal', () => checkTemporal(config.temporal));
  for (const system of configuredSystems(config)) {
    for (const provider of system.createProviders(config.providers[system.name], { warn: () => undefined })) {
      yield await find(provider.name, () => checkProvider(provider));
    }
  }
  for (const endpoint of config.endpoints) {
    const about = `endpoint ${endpoint.name}`;
    if (endpoint.type === 'kafka') yield await find(about, () => checkKafkaEndpoint(endpoint));
    if (endpoint.type === 'rabbitmq') yield await find(about, () => checkRabbitmqEndpoint(endpoint));
  }
}

/** As gateway and commands connect, and as a worker does: the two find the certificates of authorities in different places. */
async function checkTemporal(temporal: TemporalConfig): Promise<string> {
  const connection = await connectWithin(temporal, TEMPORAL_WITHIN_MS);
  try {
    const missing = await connection.withDeadline(Date.now() + TEMPORAL_WITHIN_MS, () =>
      missingSetup(connection, temporal),
    );
    if (missing.length > 0) throw new Error(`${missing.join('; ')}; run "jobherald setup"`);
    const native = await within(temporal, TEMPORAL_WITHIN_MS, connectWorker).catch((error: Error) => {
      throw new Error(`a worker ${error.message}${certificatesHint(error.message)}`, { cause: error });
    });
    await native.close();
    return `reached ${temporal.address}, and namespace ${temporal.namespace} is set up`;
  } finally {
    await connection.close();
  }
}

/** Node brings certificates along; the native runtime reads the machine's. */
function certificatesHint(text: string): string {
  return /native.?cert|root cert/i.test(text)
    ? '; install the package ca-certificates, or name a file in temporal.tls.ca'
    : '';
}

/**
 * Whether a provider's API answers, and lets us do what we need.
 * @returns one line for the operator
 * @throws {Error} likewise
 */
export async function checkProvider(provider: Provider, withinMs = PROVIDER_WITHIN_MS): Promise<string> {
  const signal = AbortSignal.timeout(withinMs);
  try {
    return await provider.check(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    const what = `its API gave no answer within ${withinMs / 1000} s`;
    throw new Error(`${what}; check the address, and whether this machine may connect to it`, { cause: error });
  } finally {
    await provider.close();
  }
}

async function find(about: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { ok: true, about, text: oneLine(await look()) };
  } catch (error) {
    return { ok: false, about, text: oneLine(error instanceof Error ? error.message : String(error)) };
  }
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}

/**
 * Whether a Kafka endpoint's topic is there. Nothing is written to it. (A webhook is not asked: a receiver takes events
 * and no questions, and `POST /v1/endpoints/{name}/test` sends one.)
 * @returns one line for the operator
 * @throws {Error} likewise
 */
export async function checkKafkaEndpoint(endpoint: KafkaEndpoint): Promise<string> {
  const { topic } = endpoint;
  const brokers = endpoint.brokers.join(', ');
  const partitions = await describeTopics(endpoint, [topic]).catch((cause: unknown) => {
    throw new Error(`Kafka at ${brokers} cannot be asked: ${faultOf(cause).text}`, { cause });
  });
  const count = partitions.get(topic);
  if (count === undefined)
    throw new Error(`reached Kafka at ${brokers}, which has no topic ${topic}; make it, jobherald does not`);
  return `reached Kafka at ${brokers}: topic ${topic} has ${count} partitions`;
}

const RABBITMQ_WITHIN_MS = 5_000;

/**
 * Whether a RabbitMQ endpoint's exchange is there. Nothing is published to it.
 * @returns one line for the operator
 * @throws {Error} likewise
 */
export async function checkRabbitmqEndpoint({ url, exchange }: RabbitmqEndpoint): Promise<string> {
  const { host } = new URL(url);
  const connection = connectRabbitmq(url, { name: 'jobherald check' });
  try {
    await connection.untilUp(RABBITMQ_WITHIN_MS).catch((cause: Error) => {
      throw new Error(`RabbitMQ at ${host}: ${cause.message}`, { cause });
    });
    await connection.amqp.exchangeDeclare({ exchange, passive: true }).catch((cause: Error) => {
      throw new Error(
        `reached RabbitMQ at ${host}, which has no exchange ${exchange}; make it, or start its consumer`,
        {
          cause,
        },
      );
    });
    return `reached RabbitMQ at ${host}: exchange ${exchange} is there`;
  } finally {
    await connection.close();
  }
}
