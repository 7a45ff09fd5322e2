import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Admin } from '@platformatic/kafka';
import { eventually } from '../../eventually';

/** How long a broker may take to start where its jars or its image have to be downloaded first. */
export const KAFKA_WITHIN_MS = 600_000;

/** Where a broker of one's own writes what it has to say. */
export const OUTPUT = 'output.log';

/** Loaded when a broker is needed: the process of a test run lists its services whether or not a test uses them. */
async function adminOf(broker: string, retries: number): Promise<Admin> {
  const kafka = await import('@platformatic/kafka');
  return new kafka.Admin({ clientId: 'jobherald-tests', bootstrapBrokers: [broker], retries, retryDelay: 200 });
}

async function asAdmin<T>(broker: string, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = await adminOf(broker, 10);
  try {
    return await use(admin);
  } finally {
    await admin.close();
  }
}

/** @throws {Error} with the broker's last words, where it does not answer in three minutes */
export async function untilKafkaServes(broker: string, directory: string): Promise<void> {
  const answers = async () => {
    const admin = await adminOf(broker, 0);
    try {
      await admin.listTopics();
      return true;
    } finally {
      await admin.close();
    }
  };
  try {
    await eventually('Kafka serves', answers, { withinMs: 180_000 });
  } catch (error) {
    throw new Error(`Kafka did not start: ${lastWords(directory)}`, { cause: error });
  }
}

function lastWords(directory: string): string {
  try {
    return readFileSync(join(directory, OUTPUT), 'utf8').trim().slice(-2_000);
  } catch {
    return 'it said nothing';
  }
}

/** Makes a topic and waits until it has leaders, so that the next produce finds one. */
export async function createTopic(broker: string, topic: string, { partitions = 1 } = {}): Promise<void> {
  await asAdmin(broker, async (admin) => {
    await admin.createTopics({ topics: [topic], partitions, replicas: 1 });
    await eventually(`topic ${topic} has leaders`, async () => {
      const { topics } = await admin.metadata({ topics: [topic], forceUpdate: true });
      return topics.get(topic)?.partitions.filter(({ leader }) => leader >= 0).length === partitions;
    });
  });
}

/** What a group has committed of a topic, by partition; -1 where it has nothing. */
export function committedOffsets(broker: string, group: string, topic: string): Promise<ReadonlyMap<number, number>> {
  return asAdmin(broker, async (admin) => {
    const groups = await admin.listConsumerGroupOffsets({ groups: [group] });
    const found = groups.flatMap(({ topics }) => topics).filter(({ name }) => name === topic);
    return new Map(
      found.flatMap(({ partitions }) =>
        partitions.map(({ partitionIndex, committedOffset }) => [partitionIndex, Number(committedOffset)] as const),
      ),
    );
  });
}

/** Removes all before `offset`, as retention does. */
export function deleteRecordsBefore(broker: string, topic: string, offset: bigint): Promise<unknown> {
  return asAdmin(broker, (admin) =>
    admin.deleteRecords({ topics: [{ name: topic, partitions: [{ partition: 0, offset }] }] }),
  );
}

/** Makes them `count` in all, on the one broker there is. */
export async function addPartitions(broker: string, topic: string, count: number): Promise<void> {
  await asAdmin(broker, async (admin) => {
    const { topics, brokers } = await admin.metadata({ topics: [topic] });
    const replicas = { brokerIds: [...brokers.keys()] };
    const assignments = Array.from({ length: count - (topics.get(topic)?.partitionsCount ?? 0) }, () => replicas);
    await admin.createPartitions({ topics: [{ name: topic, count, assignments }] });
  });
}
