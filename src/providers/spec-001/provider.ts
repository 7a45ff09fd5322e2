import { describeTopics } from '../../brokers/kafka/cluster';
import { faultOf } from '../../brokers/kafka/fault';
import { isUuid } from '../../domain/uuid';
import { type Provider, ProviderError } from '../provider';
import type { Spec001Config } from './config';

export const SPEC_001 = 'spec-001';

/** Unused: there is no API to poll. */
const NO_POLL = { firstMs: 600_000, factor: 1, maxMs: 600_000, lostAfterMs: 600_000 };

/** Jobs of any program that reports their state by SPEC-001 messages. There is no API to ask. */
export function createSpec001Provider(config: Spec001Config): Provider {
  const { stalled, track, overdueAfterMs } = config;
  return {
    name: SPEC_001,
    poll: NO_POLL,
    unspecifiedState: 'PENDING',
    track,
    overdueAfterMs,
    rules: {
      truth: 'messages',
      stalled: { grace_seconds: stalled.graceMs / 1000, fail_after: stalled.failAfter },
    },

    canonicalJobName(job) {
      if (isUuid(job)) return job.toLowerCase();
      throw new ProviderError(
        'invalid_job_name',
        `a job of ${SPEC_001} is named by its correlation id, a UUID such as f0f1a8b2-72d5-4b4e-a7c3-1c8a5b6a4d3e`,
      );
    },

    correlationId: (job) => job,

    async getJobStatus() {
      throw new ProviderError('unsupported', `${SPEC_001} has no API to ask: a job's state comes from its messages`);
    },

    check: () => checkSpec001(config),
    async close() {},
  };
}

/** The topic for messages that can never be used. */
export function deadLetterTopic(topic: string): string {
  return `${topic}.dlq`;
}

/**
 * Checks that both topics exist: that of the messages, and that of the dead letters.
 * @throws {ProviderError}
 */
async function checkSpec001({ kafka }: Spec001Config): Promise<string> {
  const { topic, brokers } = kafka;
  if (topic === '') return 'no topic is configured; messages come by POST /ingress/spec-001';
  const deadLetters = deadLetterTopic(topic);
  const partitions = await partitionsOf(kafka, [topic, deadLetters]);
  for (const name of [topic, deadLetters]) {
    if (partitions.get(name) === undefined) {
      throw new ProviderError('not_found', `reached Kafka, which has no topic ${name}; create it, jobherald does not`);
    }
  }
  return `reached Kafka at ${brokers.join(', ')}: topic ${topic} has ${partitions.get(topic)} partitions, dead letters go to ${deadLetters}`;
}

async function partitionsOf(...[kafka, topics]: Parameters<typeof describeTopics>) {
  try {
    return await describeTopics(kafka, topics);
  } catch (error) {
    const { kind, text } = faultOf(error);
    const code = kind === 'refused' ? 'permission_denied' : 'unavailable';
    throw new ProviderError(code, `Kafka at ${kafka.brokers.join(', ')} did not answer: ${text}`, { cause: error });
  }
}
