import { randomUUID } from 'node:crypto';
import { checkKafkaEndpoint, checkProvider, checkRabbitmqEndpoint } from '../../src/processes/check';
import { aKafkaEndpoint } from '../channels/kafka/a-kafka-endpoint';
import { aRabbitmqEndpoint } from '../channels/rabbitmq/a-rabbitmq-endpoint';
import { freePort } from '../support/free-port';
import { scriptedProvider } from '../support/scripted-provider';
import { INSTALLED_WITHIN_MS } from '../support/services/install';
import { createTopic, KAFKA_WITHIN_MS } from '../support/services/kafka/admin';
import { type SharedServices, sharedService } from '../support/services/shared-service';

describe('jobherald check, of a provider', () => {
  it('says that an API gives no answer, and what to look at', async () => {
    const hangs = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    await expect(checkProvider({ ...scriptedProvider(), check: hangs }, 50)).rejects.toThrow(
      'its API gave no answer within 0.05 s; check the address, and whether this machine may connect to it',
    );
  });
});

describe('jobherald check, of a Kafka endpoint', () => {
  it(
    'says how many partitions its topic has, and that a topic which is not there has to be made',
    async () => {
      const { broker } = await sharedService('kafka');
      const topic = `status-${randomUUID()}`;
      const endpoint = aKafkaEndpoint({ brokers: [broker], topic });
      await expect(checkKafkaEndpoint(endpoint)).rejects.toThrow(`no topic ${topic}; make it`);
      await createTopic(broker, topic);
      expect(await checkKafkaEndpoint(endpoint)).toMatch(/^reached Kafka at .*: topic .* has \d+ partitions$/);
    },
    KAFKA_WITHIN_MS,
  );
});

describe('jobherald check, of a RabbitMQ endpoint', () => {
  let rabbitmq: SharedServices['rabbitmq'];
  beforeAll(async () => {
    rabbitmq = await sharedService('rabbitmq');
  }, INSTALLED_WITHIN_MS);

  it('says that its exchange is there, and that one which is not there has to be made', async () => {
    const endpoint = aRabbitmqEndpoint({ url: rabbitmq.url, exchange: 'amq.topic' });
    expect(await checkRabbitmqEndpoint(endpoint)).toMatch(/^reached RabbitMQ at .*: exchange amq.topic is there$/);
    await expect(checkRabbitmqEndpoint({ ...endpoint, exchange: 'nobody-made-this' })).rejects.toThrow(
      'no exchange nobody-made-this; make it',
    );
  });

  it('says that nobody listens there', async () => {
    const endpoint = aRabbitmqEndpoint({ url: `amqp://127.0.0.1:${await freePort()}`, exchange: 'amq.topic' });
    await expect(checkRabbitmqEndpoint(endpoint)).rejects.toThrow(
      /^RabbitMQ at 127.0.0.1:\d+: no connection: .*ECONNREFUSED/,
    );
  });
});
