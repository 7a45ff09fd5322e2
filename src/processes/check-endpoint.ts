import { describeTopics } from '../brokers/kafka/cluster';
import { faultOf } from '../brokers/kafka/fault';
import { connectRabbitmq } from '../brokers/rabbitmq/connection';
import type { KafkaEndpoint, RabbitmqEndpoint } from '../config/config';

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
