import { retryUntilSuccess } from '../../../async/retry-until-success';
import { consumeTopic, type Work } from '../../../brokers/kafka/consume-topic';
import type { KafkaFault } from '../../../brokers/kafka/fault';
import type { ReceivedMessage } from '../../../brokers/kafka/group-session';
import type { Undecodable } from '../../../brokers/kafka/tolerant-fetch';
import type { Consumer, HintResult, IngressContext } from '../../ingress';
import { createPatience, reportDeadLetter, resultOf } from '../../take-hint';
import type { Spec001Config } from '../config';
import type { ReadMessage } from '../read-message';
import { createDeadLetters } from './dead-letters';
import { readRecord } from './read-record';
import { createRecentMessages } from './recent-messages';
import { PROVIDER, takeMessage } from './take-message';

export interface Spec001KafkaOptions extends Omit<IngressContext, 'jobs'> {
  readonly config: Spec001Config;
}

/**
 * Consumes the configured topic. An offset is committed only when Temporal has the message, or when it is a dead letter
 * and lies in the dead letters' topic; the messages of a job are taken in their order. While Temporal is away messages
 * wait in place, and none are fetched. See docs/spec-001.md.
 */
export function startSpec001Kafka(options: Spec001KafkaOptions): Consumer {
  const { config, inbox, logger, metrics, notifyOperations } = options;
  const { topic, groupId } = config.kafka;
  const about = { provider: PROVIDER, topic, group_id: groupId };
  const recent = createRecentMessages();
  const deadLetters = createDeadLetters(config.kafka, logger);
  const count = (result: HintResult): void => metrics.hints.inc({ provider: PROVIDER, transport: 'kafka', result });

  let connected = false;
  let saidOfKafka: KafkaFault['kind'] | undefined;
  let isTemporalAway = false;
  const setConnected = (is: boolean): void => {
    connected = is;
    metrics.pullConnected.set({ provider: PROVIDER }, is ? 1 : 0);
  };

  const refuse = async (message: ReceivedMessage, reason: string, signal: AbortSignal): Promise<void> => {
    const where = { ...about, partition: message.partition, offset: String(message.offset) };
    await deadLetters.put(message, reason, signal);
    count('dead_letter');
    logger.warn({ ...where, reason }, 'message dead letter');
    reportDeadLetter({ notifyOperations, logger }, where, reason);
  };

  /** There is nothing that could be put among the dead letters: its bytes are nobody's message. */
  const skip = (message: ReceivedMessage, { firstOffset, codec, reason }: Undecodable): void => {
    const range = { offset: String(firstOffset), last_offset: String(message.offset) };
    const where = { ...about, partition: message.partition, ...range, codec };
    count('dead_letter');
    logger.error({ ...where, reason }, 'messages cannot be decoded; reading on after them');
    reportDeadLetter({ notifyOperations, logger }, where, `the batch cannot be decoded (${codec}): ${reason}`);
  };

  const take = async (message: ReceivedMessage, read: ReadMessage, signal: AbortSignal): Promise<void> => {
    if (recent.has(read)) return count('duplicate');
    const isOver = createPatience();
    const onFailure = (error: unknown): void => {
      if (isOver(error)) throw error;
      count(resultOf(error));
      if (!isTemporalAway) logger.warn({ ...about, err: error }, 'messages wait: Temporal does not take them just now');
      isTemporalAway = true;
    };
    try {
      await retryUntilSuccess(() => takeMessage(read, inbox), onFailure, signal);
    } catch (error) {
      signal.throwIfAborted();
      return refuse(message, (error as Error).message, signal);
    }
    if (isTemporalAway) logger.info(about, 'Temporal takes messages again');
    isTemporalAway = false;
    recent.add(read);
    count('accepted');
    logger.debug({ ...about, job: read.job, key: read.key, kind: read.kind }, 'message accepted');
  };

  const prepare = (message: ReceivedMessage): Work => {
    const { undecodable } = message;
    if (undecodable) return { key: `dead letters ${message.partition}`, run: async () => skip(message, undecodable) };
    const read = readRecord(message.value);
    switch (read.kind) {
      case 'empty':
        return { key: '', run: async () => count('ignored') };
      case 'dead_letter':
        return { key: `dead letters ${message.partition}`, run: (signal) => refuse(message, read.reason, signal) };
      default:
        return { key: read.job, run: (signal) => take(message, read, signal) };
    }
  };

  setConnected(false);
  const consumption = consumeTopic({
    cluster: config.kafka,
    topic,
    groupId,
    prepare,
    onAssigned(partitions) {
      setConnected(true);
      saidOfKafka = undefined;
      logger.info({ ...about, partitions: [...partitions] }, 'Kafka consumer has its partitions');
    },
    onDisconnected({ kind, text }) {
      setConnected(false);
      if (saidOfKafka === kind) return;
      saidOfKafka = kind;
      logger.warn({ ...about, reason: text }, 'Kafka consumer is not connected; connecting again');
    },
    onLost({ partition, from, to }) {
      const range = { partition, from: String(from), to: String(to) };
      logger.error({ ...about, ...range }, 'messages were deleted before they were read; reading on after them');
    },
    onCommitFailed: ({ text }) => logger.warn({ ...about, reason: text }, 'offsets are not committed; trying again'),
  });
  return {
    ready: () => connected,
    async close() {
      await consumption.close();
      await deadLetters.close();
      setConnected(false);
    },
  };
}
