import type { Logger } from 'pino';
import { retryUntilSuccess } from '../../../async/retry-until-success';
import { faultOf } from '../../../brokers/kafka/fault';
import type { ReceivedMessage } from '../../../brokers/kafka/group-session';
import { createKafkaProducer, type KafkaProducer } from '../../../brokers/kafka/producer';
import type { Spec001Config } from '../config';
import { deadLetterTopic } from '../provider';

export const REASON_HEADER = 'x-jobherald-reason';

/** Longer reasons are cut: a message with a thousand faults need not name each. */
const MAX_REASON_CHARACTERS = 1_000;
const TIMEOUT_MS = 10_000;

/** Where messages go that can never be used. */
export interface DeadLetters {
  /**
   * Puts a message there: the same key, value and headers, and the reason. Tries for ever, so that none is lost because
   * nobody has made the topic. One that the topic can never take either is logged, and stays where it was.
   * @throws the signal's reason
   */
  put(message: ReceivedMessage, reason: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export function createDeadLetters(kafka: Spec001Config['kafka'], logger: Logger): DeadLetters {
  const topic = deadLetterTopic(kafka.topic);
  const producer: KafkaProducer = createKafkaProducer(kafka, (text, details) =>
    logger.warn({ ...details, dead_letter_topic: topic }, text),
  );
  let said: string | undefined;

  const put: DeadLetters['put'] = async (message, reason, signal) => {
    const { partition, offset, key, value, headers } = message;
    const record = {
      topic,
      ...(key !== null && { key }),
      value: value ?? Buffer.alloc(0),
      headers: new Map<string, string | Buffer>([
        ...headers,
        [REASON_HEADER, reason.slice(0, MAX_REASON_CHARACTERS).toWellFormed()],
      ]),
    };
    const about = { topic: kafka.topic, partition, offset: String(offset), dead_letter_topic: topic };
    await retryUntilSuccess(
      () => producer.send(record, { timeoutMs: TIMEOUT_MS, signal }),
      (error) => {
        const { kind, text } = faultOf(error);
        if (kind === 'unacceptable') throw new Unacceptable(text);
        if (said === kind) return;
        said = kind;
        logger.error({ ...about, reason: text }, 'a dead letter waits, and its partition with it: make the topic');
      },
      signal,
    ).catch((error: unknown) => {
      if (!(error instanceof Unacceptable)) throw error;
      logger.error({ ...about, reason: error.message }, 'a dead letter cannot be put anywhere; it stays where it was');
    });
    said = undefined;
  };
  return { put, close: () => producer.close() };
}

class Unacceptable extends Error {
  override readonly name = 'Unacceptable';
}
