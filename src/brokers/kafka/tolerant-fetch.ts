import type { API, Consumer, fetchV12, Reader, RecordsBatch } from '@platformatic/kafka';

type Kafka = typeof import('@platformatic/kafka');
type FetchResponse = fetchV12.FetchResponse;

/** A batch of messages that nobody can read: its compressed bytes are broken, say. */
export interface Undecodable {
  /** The first of its messages; the last is the one by which it is received. */
  readonly firstOffset: bigint;
  /** What its messages are compressed with, as the batch says. */
  readonly codec: string;
  readonly reason: string;
}

/** Which values stand for a batch that cannot be decoded: no sender can make one up. */
const undecodable = new WeakMap<Buffer, Undecodable>();

/** The batch that a message stands for; undefined for a message that is one. */
export function undecodableBatch(headerValue: unknown): Undecodable | undefined {
  return Buffer.isBuffer(headerValue) ? undecodable.get(headerValue) : undefined;
}

const FETCH = 1;
/** Of Kafka 2.7; the last one that names topics by their names. */
const VERSION = 12;
/** Attributes of a batch. Source: https://kafka.apache.org/documentation/#recordbatch */
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const CODEC_BITS = 0b111;
/** Offset and length, which the length does not count; and of what it counts all before the messages. */
const BATCH_HEAD_BYTES = 12;
const LEAST_LENGTH = 49;
const MAGIC_AT = 16;
const ATTRIBUTES_AT = 21;
const LAST_OFFSET_DELTA_AT = 23;
const CURRENT_MAGIC = 2;

/**
 * Makes a consumer read on after a batch that cannot be decoded. The client gives up the whole answer then, with the
 * messages before it and those of other partitions; here one message stands for the batch, see {@link undecodableBatch}.
 */
export function tolerateUndecodable<K, V, HK, HV>(kafka: Kafka, consumer: Consumer<K, V, HK, HV>): void {
  const { fetchV12 } = kafka;
  const tolerant = kafka.createAPI(
    FETCH,
    VERSION,
    fetchV12.createRequest,
    (id, key, version, reader): FetchResponse => {
      try {
        return fetchV12.parseResponse(id, key, version, reader);
      } catch (error) {
        if (error instanceof kafka.ResponseError) throw error;
        return readAnswer(kafka, new kafka.Reader(reader.buffer));
      }
    },
  ) as API<unknown[], unknown>;
  const getApi = consumer[kafka.kGetApi].bind(consumer) as Getter;
  const withTolerance: Getter = (name, callback) =>
    getApi(name, (error, api) => {
      const replaces = name === 'Fetch' && api && api.version >= VERSION;
      callback(error, replaces ? tolerant : api);
    });
  Object.assign(consumer, { [kafka.kGetApi]: withTolerance });
}

type Getter = (name: string, callback: (error: Error | null, api?: API<unknown[], unknown>) => void) => void;

/** As the client reads it, but batch by batch. Source: https://kafka.apache.org/protocol#The_Messages_Fetch, version 12 */
function readAnswer(kafka: Kafka, reader: Reader): FetchResponse {
  const answer = {
    throttleTimeMs: reader.readInt32(),
    errorCode: reader.readInt16(),
    sessionId: reader.readInt32(),
    responses: reader.readArray((topic) => ({
      topicId: topic.readString(),
      partitions: topic.readArray(
        (r) => {
          const partition = {
            partitionIndex: r.readInt32(),
            errorCode: r.readInt16(),
            highWatermark: r.readInt64(),
            lastStableOffset: r.readInt64(),
            logStartOffset: r.readInt64(),
            abortedTransactions: r.readNullableArray((each) => ({
              producerId: each.readInt64(),
              firstOffset: each.readInt64(),
            })),
            preferredReadReplica: r.readInt32(),
          };
          const size = r.readUnsignedVarInt() - 1;
          const records = size < 0 ? null : readBatches(kafka, r.buffer.slice(r.position, r.position + size));
          if (size > 0) r.skip(size);
          kafka.readKnownTaggedFields(r, {});
          return { ...partition, records };
        },
        true,
        false,
      ),
    })),
  };
  return answer as FetchResponse;
}

/** The last one may be cut off: it comes again. */
function readBatches(kafka: Kafka, bytes: Buffer): RecordsBatch[] {
  const batches: RecordsBatch[] = [];
  for (let at = 0; at + BATCH_HEAD_BYTES + LEAST_LENGTH <= bytes.length; ) {
    const length = bytes.readInt32BE(at + 8);
    const end = at + BATCH_HEAD_BYTES + length;
    if (length < LEAST_LENGTH || end > bytes.length) break;
    const batch = bytes.subarray(at, end);
    try {
      batches.push(kafka.readRecordsBatch(kafka.Reader.from(batch)));
    } catch (error) {
      batches.push(standIn(batch, error));
    }
    at = end;
  }
  return batches;
}

/** One message in place of a batch, at the offset of its last, so that what is committed is past it. */
function standIn(batch: Buffer, error: unknown): RecordsBatch {
  const firstOffset = batch.readBigInt64BE(0);
  const isCurrent = batch.readInt8(MAGIC_AT) === CURRENT_MAGIC;
  const lastOffsetDelta = isCurrent ? Math.max(0, batch.readInt32BE(LAST_OFFSET_DELTA_AT)) : 0;
  const bits = batch.readInt16BE(ATTRIBUTES_AT) & CODEC_BITS;
  const marker = Buffer.alloc(0);
  undecodable.set(marker, {
    firstOffset,
    codec: isCurrent ? (CODECS[bits] ?? `codec ${bits}`) : 'of an old format',
    reason: (error instanceof Error ? error.message : String(error)).slice(0, 200),
  });
  return {
    firstOffset,
    length: batch.length - BATCH_HEAD_BYTES,
    partitionLeaderEpoch: batch.readInt32BE(BATCH_HEAD_BYTES),
    magic: CURRENT_MAGIC,
    crc: 0,
    attributes: 0,
    lastOffsetDelta,
    firstTimestamp: 0n,
    maxTimestamp: 0n,
    producerId: -1n,
    producerEpoch: -1,
    firstSequence: -1,
    records: [
      {
        length: 0,
        attributes: 0,
        timestampDelta: 0n,
        offsetDelta: lastOffsetDelta,
        key: null as unknown as Buffer,
        value: null as unknown as Buffer,
        headers: [[marker, marker]],
      },
    ],
  };
}
