import type { KafkaCluster } from '../../config/config';
import { connectionOptions } from './cluster';
import { faultOf } from './fault';

/**
 * How many partitions each of the topics has, as the cluster says; undefined for one that it does not know.
 * @throws what the client throws, see fault.ts
 */
export async function describeTopics(
  cluster: KafkaCluster,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number | undefined>> {
  const { Admin } = await import('@platformatic/kafka');
  const admin = new Admin({ ...connectionOptions(cluster), retries: false });
  const partitionsOf = async (topic: string): Promise<number | undefined> => {
    try {
      const metadata = await admin.metadata({ topics: [topic] });
      return metadata.topics.get(topic)?.partitionsCount;
    } catch (error) {
      if (faultOf(error).kind === 'unknown_topic') return undefined;
      throw error;
    }
  };
  try {
    const found = new Map<string, number | undefined>();
    for (const topic of topics) found.set(topic, await partitionsOf(topic));
    return found;
  } finally {
    await admin.close();
  }
}
