import { connectRabbitmq } from '../../brokers/rabbitmq/connection';
import type { MonaiConfig } from '../../config/config';
import { ProviderError } from '../provider';

const WITHIN_MS = 5_000;

/**
 * Reaches the broker, and leaves it as it was.
 * @throws {ProviderError}
 */
export async function checkBroker({ rabbitmq }: MonaiConfig): Promise<string> {
  const { host } = new URL(rabbitmq);
  const connection = connectRabbitmq(rabbitmq, { name: 'jobherald check' });
  try {
    await connection.untilUp(WITHIN_MS);
    return `reached RabbitMQ at ${host}`;
  } catch (error) {
    throw new ProviderError('unavailable', `RabbitMQ at ${host}: ${(error as Error).message}`, { cause: error });
  } finally {
    await connection.close();
  }
}
