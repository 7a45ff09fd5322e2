import type { KafkaFault } from '../../brokers/kafka/fault';
import { type Outcome, RETRY, RETRY_SLOWLY } from '../../domain/outcome';

/** What a failed attempt means for the message. */
export function outcomeOf({ kind, text }: KafkaFault): Outcome {
  switch (kind) {
    case 'unacceptable':
      return { kind: 'gone', pauseEndpoint: false, reason: text };
    // Somebody has to make the topic, or mend credentials or permissions.
    case 'unknown_topic':
    case 'refused':
      return RETRY_SLOWLY;
    default:
      return RETRY;
  }
}
