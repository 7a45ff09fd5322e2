import type { Consumer } from '@platformatic/kafka';

/** Messages from `from` up to, not including, `to` no longer exist. */
export interface LostRange {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

const EARLIEST = -2n;
const LATEST = -1n;

/**
 * Resets the group's committed offset to the first message that exists, if retention has deleted the next one, or the
 * topic was recreated and is shorter. Otherwise the client would request a missing offset for ever.
 * @returns what was skipped
 */
export async function resetLostOffsets(
  consumer: Consumer<Buffer, Buffer, Buffer, Buffer>,
  topic: string,
  partitions: readonly number[],
): Promise<readonly LostRange[]> {
  if (partitions.length === 0) return [];
  const at = async (timestamp: bigint) => (await consumer.listOffsets({ topics: [topic], timestamp })).get(topic) ?? [];
  const [earliest, latest] = await Promise.all([at(EARLIEST), at(LATEST)]);
  const committed = (await consumer.listCommittedOffsets({ topics: [{ topic, partitions: [...partitions] }] })).get(
    topic,
  );
  const lost = partitions.flatMap((partition): LostRange[] => {
    const from = committed?.[partition] ?? -1n;
    const to = earliest[partition] ?? 0n;
    const isOut = from >= 0n && (from < to || from > (latest[partition] ?? from));
    return isOut ? [{ partition, from, to }] : [];
  });
  if (lost.length > 0) {
    const offsets = lost.map(({ partition, to }) => ({ topic, partition, offset: to, leaderEpoch: -1 }));
    await consumer.commit({ offsets });
  }
  return lost;
}
