import { describeTopics } from '../../brokers/kafka/cluster';
import { faultOf } from '../../brokers/kafka/fault';
import { ProviderError } from '../provider';
import type { Spec001Config } from './config';
import { deadLetterTopic } from './topics';

/**
 * Whether the topics are there: that of the messages, and that of the dead letters.
 * @throws {ProviderError}
 */
export async function checkSpec001({ kafka }: Spec001Config): Promise<string> {
  const { topic, brokers } = kafka;
  if (topic === '') return 'no topic is configured; messages come by POST /ingress/spec-001';
  const deadLetters = deadLetterTopic(topic);
  const partitions = await describe(kafka, [topic, deadLetters]);
  for (const name of [topic, deadLetters]) {
    if (partitions.get(name) === undefined) {
      throw new ProviderError('not_found', `reached Kafka, which has no topic ${name}; make it, jobherald does not`);
    }
  }
  return `reached Kafka at ${brokers.join(', ')}: topic ${topic} has ${partitions.get(topic)} partitions, dead letters go to ${deadLetters}`;
}

async function describe(...[kafka, topics]: Parameters<typeof describeTopics>) {
  try {
    return await describeTopics(kafka, topics);
  } catch (error) {
    const { kind, text } = faultOf(error);
    const code = kind === 'refused' ? 'permission_denied' : 'unavailable';
    throw new ProviderError(code, `Kafka at ${kafka.brokers.join(', ')} cannot be asked: ${text}`, { cause: error });
  }
}
