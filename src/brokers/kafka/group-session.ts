import type { Consumer, Message, MessagesStream } from '@platformatic/kafka';
import { withTimeout } from '../../async/with-timeout';
import type { KafkaCluster } from '../../config/config';
import { connectionOptions } from './cluster';
import { type LostRange, resetLostOffsets } from './reset-lost-offsets';
import { tolerateUndecodable, type Undecodable, undecodableBatch } from './tolerant-fetch';

/** A message as it was consumed. */
export interface ReceivedMessage {
  readonly partition: number;
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: ReadonlyMap<string, Buffer>;
  /** It is no message, but stands for the messages up to its offset, which nobody can read. */
  readonly undecodable?: Undecodable;
}

export interface GroupSessionOptions {
  readonly cluster: KafkaCluster;
  readonly topic: string;
  readonly groupId: string;
  /** The partitions assigned to this member from now on; any others are another member's. */
  readonly onAssigned: (partitions: ReadonlySet<number>) => void;
  /** Messages that were deleted before anybody of the group had read them. */
  readonly onLost: (lost: LostRange) => void;
  /** How often to check whether the topic has more partitions. */
  readonly checkPartitionsEveryMs: number;
}

/** Membership in a consumer group. When `messages` throws it is over and must be closed. */
export interface GroupSession {
  /**
   * Those of the assigned partitions, each in order, from the committed offset on. After a rebalance from there again, so
   * messages that were not committed repeat. Nothing is fetched while nobody asks for the next one.
   */
  messages(): AsyncGenerator<ReceivedMessage>;
  /** Ends `messages`. */
  end(): void;
  /** @param offsets by partition, the next one to read */
  commit(offsets: ReadonlyMap<number, bigint>): Promise<void>;
  close(): Promise<void>;
}

type Client = Consumer<Buffer, Buffer, Buffer, Buffer>;
type Stream = MessagesStream<Buffer, Buffer, Buffer, Buffer>;

const OPTIONS = {
  // A member that crashes is replaced after this long; heartbeats continue while messages wait for Temporal.
  sessionTimeout: 10_000,
  rebalanceTimeout: 15_000,
  heartbeatInterval: 2_000,
  autocommit: false,
  maxWaitTime: 500,
  maxBytes: 4 * 1024 * 1024,
  // Fetches more when fewer than this many are left of the last response.
  highWaterMark: 64,
  retries: 3,
  retryDelay: 500,
  requestTimeout: 10_000,
};
const CLOSE_WITHIN_MS = 4_000;

/**
 * Joins the group.
 * @throws what the client throws, see fault.ts
 */
export async function openGroupSession(options: GroupSessionOptions): Promise<GroupSession> {
  const { cluster, topic, groupId, onAssigned, onLost, checkPartitionsEveryMs } = options;
  const kafka = await import('@platformatic/kafka');
  const consumer: Client = new kafka.Consumer({ ...connectionOptions(cluster), groupId, ...OPTIONS });
  tolerateUndecodable(kafka, consumer);
  let stream: Stream | undefined;
  let opening: Promise<void> = Promise.resolve();
  /** Rebalances after which no new stream has been opened yet. */
  let stale = 0;
  let partitionCheck: NodeJS.Timeout | undefined;
  let failure: Error | undefined;
  let ended = false;
  const fail = (error: Error): void => {
    failure ??= error;
    stream?.destroy(error);
  };

  // A stream keeps its position in partitions that it has lost, and continues there when they are assigned again with
  // nothing committed. A new stream begins at the group's offsets.
  const openStream = async (): Promise<void> => {
    const before = stream;
    const mode = { mode: 'committed', fallbackMode: 'earliest' } as const;
    stream = await consumer.consume({ topics: [topic], ...mode });
    stream.on('error', fail);
    if (failure || ended) stream.destroy(failure);
    void before?.close().catch(() => undefined); // no longer read, however it ends
  };
  const reopen = (): void => {
    stale++;
    opening = opening
      .then(openStream)
      .catch(fail)
      .finally(() => {
        stale--;
      });
  };
  const assigned = () => new Set(consumer.assignments?.find((each) => each.topic === topic)?.partitions);
  const close = async (): Promise<void> => {
    clearInterval(partitionCheck);
    // If the broker is unreachable, the group notices by the session timeout.
    await withTimeout(Promise.resolve(consumer.close(true)), CLOSE_WITHIN_MS).catch(() => undefined);
  };

  try {
    consumer.on('error', fail);
    // Before joining, so that partitions added meanwhile are noticed.
    const { partitionsCount } = await topicOf(consumer, topic);
    consumer.topics.track(topic);
    consumer.on('consumer:group:join', () => {
      onAssigned(assigned());
      if (stream) reopen();
    });
    await consumer.joinGroup();
    for (const lost of await resetLostOffsets(consumer, topic, [...assigned()])) onLost(lost);
    await openStream();
    partitionCheck = setInterval(() => {
      topicOf(consumer, topic).then((now) => {
        if (now.partitionsCount !== partitionsCount) fail(new Error(`${topic} has more partitions than before`));
      }, fail);
    }, checkPartitionsEveryMs);
  } catch (error) {
    await close();
    throw error;
  }

  return {
    async *messages() {
      for (;;) {
        await opening;
        if (ended) return;
        if (failure) throw failure;
        const reading = stream as Stream;
        try {
          for await (const message of reading) {
            // Comes again by the next stream. This one would read a partition that was lost and came back meanwhile on from behind what
            // nobody has handled. It ends when it is closed: leaving it now would destroy it, which counts as a fault.
            if (reading !== stream || stale > 0) continue;
            yield toReceived(message);
          }
        } catch (error) {
          if (!ended) throw failure ?? error;
        }
        await opening;
        if (reading === stream && !ended) throw failure ?? new Error('the stream of messages has ended');
      }
    },
    end() {
      ended = true;
      stream?.destroy();
    },
    commit: (offsets) =>
      consumer.commit({
        offsets: [...offsets].map(([partition, offset]) => ({ topic, partition, offset, leaderEpoch: -1 })),
      }),
    close,
  };
}

async function topicOf(consumer: Client, topic: string): Promise<{ readonly partitionsCount: number }> {
  const { topics } = await consumer.metadata({ topics: [topic], forceUpdate: true });
  const found = topics.get(topic);
  if (found === undefined) throw new Error(`Unknown topic ${topic}.`);
  return found;
}

function toReceived({
  partition,
  offset,
  key,
  value,
  headers,
}: Message<Buffer, Buffer, Buffer, Buffer>): ReceivedMessage {
  const [first] = headers.values();
  const undecodable = undecodableBatch(first);
  return {
    ...(undecodable && { undecodable }),
    partition,
    offset,
    // The client's types have no message without key or value; Kafka has.
    key: (key as Buffer | undefined) ?? null,
    value: (value as Buffer | undefined) ?? null,
    headers: new Map([...headers].map(([name, bytes]) => [String(name), bytes ?? Buffer.alloc(0)])),
  };
}
