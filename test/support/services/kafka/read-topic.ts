import { Consumer, type Message } from '@platformatic/kafka';
import { eventually } from '../../eventually';

/** A message as it lies in a topic. */
export interface KafkaMessage {
  readonly key: string | null;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly partition: number;
  readonly offset: number;
}

/** Everything in a topic, as soon as there are `count` messages at least, in the order of their arrival. */
export async function readTopic(broker: string, topic: string, count: number): Promise<readonly KafkaMessage[]> {
  const group = `reader-${Math.random()}`;
  const consumer = new Consumer({ clientId: 'jobherald-tests', groupId: group, bootstrapBrokers: [broker] });
  const read: KafkaMessage[] = [];
  try {
    const options = { topics: [topic], mode: 'earliest', autocommit: false, maxWaitTime: 100 } as const;
    const stream = await consumer.consume({ ...options, topics: [topic] });
    stream.on('data', (message) => read.push(plain(message)));
    await eventually(`${count} messages in ${topic}`, () => read.length >= count);
    await stream.close();
    return read;
  } finally {
    await consumer.close(true);
  }
}

function plain({ key, value, headers, partition, offset }: Message): KafkaMessage {
  return {
    key: key === undefined || key === null ? null : String(key),
    value: String(value ?? ''),
    headers: Object.fromEntries([...headers].map(([name, text]) => [String(name), String(text)])),
    partition,
    offset: Number(offset),
  };
}
