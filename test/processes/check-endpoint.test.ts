import { randomUUID } from 'node:crypto';
import { checkKafkaEndpoint } from '../../src/processes/check-endpoint';
import { aKafkaEndpoint } from '../channels/kafka/a-kafka-endpoint';
import { createTopic, KAFKA_WITHIN_MS } from '../support/services/kafka/admin';
import { sharedKafka } from '../support/services/kafka/shared-kafka';

describe('jobherald check, of a Kafka endpoint', () => {
  it(
    'says how many partitions its topic has, and that a topic which is not there has to be made',
    async () => {
      const { broker } = await sharedKafka();
      const topic = `status-${randomUUID()}`;
      const endpoint = aKafkaEndpoint({ brokers: [broker], topic });
      await expect(checkKafkaEndpoint(endpoint)).rejects.toThrow(`no topic ${topic}; make it`);
      await createTopic(broker, topic);
      expect(await checkKafkaEndpoint(endpoint)).toMatch(/^reached Kafka at .*: topic .* has \d+ partitions$/);
    },
    KAFKA_WITHIN_MS,
  );
});
