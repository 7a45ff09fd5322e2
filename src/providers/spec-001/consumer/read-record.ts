import { JobHeraldError } from '../../../domain/jobherald-error';
import { describeFaults } from '../faults';
import { type ReadMessage, readMessageBytes } from '../read-message';
import { MAX_MESSAGE_BYTES } from './take-message';

/** What is in a Kafka message. */
export type ReadRecord =
  | ReadMessage
  /** Nothing: what compaction calls a tombstone. */
  | { readonly kind: 'empty' }
  /** Something that can never be used. */
  | { readonly kind: 'dead_letter'; readonly reason: string };

/** Reads the bytes of a message. Never throws. */
export function readRecord(value: Buffer | null): ReadRecord {
  if (value === null || value.length === 0) return { kind: 'empty' };
  if (value.length > MAX_MESSAGE_BYTES) {
    return { kind: 'dead_letter', reason: `the message has ${value.length} bytes, more than 256 KiB` };
  }
  try {
    const read = readMessageBytes(value);
    if (read.kind !== 'invalid') return read;
    return { kind: 'dead_letter', reason: describeFaults(read.faults) };
  } catch (error) {
    if (error instanceof JobHeraldError) return { kind: 'dead_letter', reason: error.message };
    throw error;
  }
}
