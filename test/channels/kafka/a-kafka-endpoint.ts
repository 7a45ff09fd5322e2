import type { KafkaEndpoint } from '../../../src/config/config';
import { TERMINAL_EVENT_TYPES } from '../../../src/domain/event-type';

/** An endpoint as the configuration makes it, without SASL and TLS. */
export function aKafkaEndpoint({ brokers, topic }: Pick<KafkaEndpoint, 'brokers' | 'topic'>): KafkaEndpoint {
  return {
    type: 'kafka',
    name: 'status',
    brokers,
    topic,
    sasl: null,
    tls: false,
    events: TERMINAL_EVENT_TYPES,
    format: 'standard',
    limits: { concurrency: 20, perSecond: 0 },
    timeoutMs: 30_000,
    retry: { firstMs: 5_000, factor: 3, maxMs: 21_600_000, forMs: 604_800_000 },
  };
}
