import { createKafkaChannel } from '../../../src/channels/kafka/kafka-channel';
import type { KafkaEndpoint } from '../../../src/config/config';
import type { Message } from '../../../src/domain/message';

/** Sends one event in a process of its own. Arguments: endpoint and message as JSON. Output: the SendResult as JSON. */
async function main([endpoint = '', message = '']: readonly string[]): Promise<void> {
  const channel = createKafkaChannel({ warn: () => undefined });
  const never = new AbortController().signal;
  const result = await channel.send(JSON.parse(endpoint) as KafkaEndpoint, JSON.parse(message) as Message, never);
  await channel.close();
  process.stdout.write(JSON.stringify(result));
}

void main(process.argv.slice(2));
