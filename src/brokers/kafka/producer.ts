import type { Producer } from '@platformatic/kafka';
import { TimeoutError, withTimeout } from '../../async/with-timeout';
import type { KafkaCluster } from '../../config/config';
import { connectionOptions } from './cluster';
import { faultOf } from './fault';

/** One message to one topic. */
export interface KafkaRecord {
  readonly topic: string;
  /** Absent: the message has none. */
  readonly key?: Buffer;
  readonly value: Buffer;
  readonly headers: ReadonlyMap<string, string | Buffer>;
}

/** Produces messages. Resolves when every in-sync replica has the message. */
export interface KafkaProducer {
  /**
   * Resolves with the broker that accepted it, `host:port` if known.
   * @throws what the client throws (see fault.ts), {@link TimeoutError}, or the signal's reason. After a throw the
   *   message may be in the topic all the same.
   */
  send(
    record: KafkaRecord,
    limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<string | undefined>;
  /** Waits a moment for what is under way; says so where that is not answered by then. */
  close(): Promise<void>;
}

interface Waiting {
  readonly record: KafkaRecord;
  readonly timeoutMs: number;
  readonly settle: (error: unknown, address?: string) => void;
  over: boolean;
}

/** A broker takes batches up to 1 MiB by default (`message.max.bytes`); the rest is for names and headers. */
const MAX_BATCH_BYTES = 768 * 1024;
const MAX_BATCH_RECORDS = 500;
const CLOSE_WITHIN_MS = 1_500;

/** Says to an operator what did not go well. */
export type Warn = (message: string, details: Readonly<Record<string, unknown>>) => void;

/**
 * An idempotent producer: a batch that is sent again because its answer was lost is not written again.
 *
 * One request at a time, with everything that is waiting by then. The client assigns a sequence number when it makes a
 * batch and increments it at the response: two concurrent batches would have the same number, and the broker would drop
 * the second as a duplicate. For the same reason a producer that has failed is not used again.
 */
export function createKafkaProducer(cluster: KafkaCluster, warn: Warn): KafkaProducer {
  const waiting: Waiting[] = [];
  let client: Promise<Producer> | undefined;
  let pumping: Promise<void> | undefined;
  let closed = false;

  const dropClient = async (): Promise<void> => {
    const dropped = client;
    client = undefined;
    // Its connections are broken or unused, so errors on closing do not matter.
    await dropped?.then((producer) => producer.close(true)).catch(() => undefined);
  };

  const sendBatch = async (batch: readonly Waiting[]): Promise<void> => {
    const timeoutMs = Math.min(...batch.map((each) => each.timeoutMs));
    try {
      client ??= openClient(cluster, timeoutMs);
      const producer = await withTimeout(client, timeoutMs);
      const messages = batch.map(({ record }) => toMessage(record));
      const { offsets = [] } = await withTimeout(producer.send({ messages }), timeoutMs);
      const address = offsets[0] && leaderOf(producer, offsets[0]);
      for (const each of batch) each.settle(undefined, address);
    } catch (error) {
      void dropClient();
      if (batch.length > 1 && faultOf(error).kind === 'unacceptable') {
        // One of them is at fault: send each alone, so that only that one fails.
        for (const each of batch) if (!each.over) await sendBatch([each]);
        return;
      }
      for (const each of batch) each.settle(error);
    }
  };

  const pump = async (): Promise<void> => {
    while (waiting.length > 0) await sendBatch(takeBatch(waiting));
    pumping = undefined;
  };

  return {
    send(record, { timeoutMs, signal }) {
      return new Promise((resolve, reject) => {
        if (closed) throw new Error('the producer is closed');
        signal.throwIfAborted();
        const cancel = () => entry.settle(signal.reason);
        const timer = setTimeout(() => entry.settle(new TimeoutError(timeoutMs)), timeoutMs);
        const entry: Waiting = {
          record,
          timeoutMs,
          over: false,
          settle(error, address) {
            entry.over = true;
            clearTimeout(timer);
            signal.removeEventListener('abort', cancel);
            if (error === undefined) resolve(address);
            else reject(error);
          },
        };
        signal.addEventListener('abort', cancel);
        waiting.push(entry);
        pumping ??= pump();
      });
    },
    async close() {
      closed = true;
      // A broker that hangs may have a request of which nobody waits for the answer.
      const closing = (async () => {
        await pumping;
        await dropClient();
      })();
      await withTimeout(closing, CLOSE_WITHIN_MS).catch(() => {
        const { brokers } = cluster;
        warn(
          'Kafka did not answer before its producer was closed; nothing is lost: what it has not confirmed is sent again under the same id',
          { brokers },
        );
      });
    },
  };
}

/** As many as fit one request, the first in any case; cancelled ones are skipped. */
function takeBatch(waiting: Waiting[]): readonly Waiting[] {
  const batch: Waiting[] = [];
  let bytes = 0;
  while (batch.length < MAX_BATCH_RECORDS) {
    const [next] = waiting;
    if (next === undefined) break;
    const size = next.record.value.length + 1_024;
    if (!next.over && batch.length > 0 && bytes + size > MAX_BATCH_BYTES) break;
    waiting.shift();
    if (next.over) continue;
    batch.push(next);
    bytes += size;
  }
  return batch;
}

/** The client takes half a second to load, and most processes never need it. */
async function openClient(cluster: KafkaCluster, timeoutMs: number): Promise<Producer> {
  const { compatibilityPartitioner, Producer } = await import('@platformatic/kafka');
  return new Producer({
    ...connectionOptions(cluster),
    idempotent: true,
    connectTimeout: Math.min(5_000, timeoutMs),
    requestTimeout: timeoutMs,
    timeout: timeoutMs,
    // By the client itself, with the same sequence number; the caller retries after that.
    retries: 3,
    retryDelay: 250,
    // The partition that Kafka's own clients choose for a key.
    partitioner: compatibilityPartitioner,
  }) as Producer;
}

function toMessage({ topic, key, value, headers }: KafkaRecord) {
  const encoded = new Map([...headers].map(([name, value]) => [Buffer.from(name), Buffer.from(value)]));
  return { topic, value, headers: encoded, ...(key && { key }) };
}

function leaderOf(producer: Producer, at: { readonly topic: string; readonly partition: number }): string | undefined {
  const { topics, brokers } = producer.currentMetadata ?? {};
  const leader = topics?.get(at.topic)?.partitions[at.partition]?.leader;
  const broker = leader === undefined ? undefined : brokers?.get(leader);
  return broker && `${broker.host}:${broker.port}`;
}
