import { describeTopics } from '../brokers/kafka/describe-topics';
import { faultOf } from '../brokers/kafka/fault';
import type { KafkaEndpoint } from '../config/config';

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
