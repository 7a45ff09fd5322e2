import type { EndpointRetry, EndpointSection } from '../../schemas/types';
import { parseDuration } from '../domain/duration';
import type { RetrySchedule } from '../domain/retry-schedule';
import { defaultEvents, eventTypeOf } from '../formats/vocabulary';
import { withPrefixLength } from './cidr';
import type { EndpointBase, EndpointConfig } from './config';
import { ENDPOINT_DEFAULTS } from './defaults';
import type { ResolvePath } from './resolve-config';
import { resolveKafkaCluster } from './resolve-kafka-cluster';

export function resolveEndpoint(section: Partial<EndpointSection>, resolvePath: ResolvePath): EndpointConfig {
  const base = resolveBase(section);
  switch (section.type ?? ENDPOINT_DEFAULTS.type) {
    case 'webhook':
      return {
        ...base,
        type: 'webhook',
        url: section.url ?? '',
        secret: section.secret ?? ENDPOINT_DEFAULTS.secret,
        headers: Object.fromEntries(
          Object.entries(section.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
        ),
        clientCertificate: {
          cert: resolvePath(section.client_certificate?.cert),
          key: resolvePath(section.client_certificate?.key),
        },
        network: section.network && {
          allow: (section.network.allow ?? []).map((cidr) => withPrefixLength(cidr ?? '')),
        },
      };
    case 'kafka':
      return { ...base, type: 'kafka', ...resolveKafkaCluster(section), topic: section.topic ?? '' };
    case 'rabbitmq': {
      const { url = '', exchange = '', routing_key: routingKey = '' } = section;
      return { ...base, type: 'rabbitmq', url, exchange, routingKey };
    }
  }
}

function resolveBase(section: Partial<EndpointSection>): EndpointBase {
  const format = section.format ?? ENDPOINT_DEFAULTS.format;
  return {
    name: section.name ?? '',
    // A list holds undefined where an item had a fault.
    events: section.events
      ? [...new Set(section.events.filter((name) => name !== undefined).map(eventTypeOf))]
      : defaultEvents(format),
    hasDefaultEvents: section.events === undefined,
    format,
    limits: {
      concurrency: section.limits?.concurrency ?? ENDPOINT_DEFAULTS.limits.concurrency,
      perSecond: section.limits?.per_second ?? ENDPOINT_DEFAULTS.limits.perSecond,
    },
    timeoutMs: section.timeout === undefined ? ENDPOINT_DEFAULTS.timeoutMs : parseDuration(section.timeout),
    retry: resolveRetry(section.retry ?? {}),
  };
}

function resolveRetry(section: EndpointRetry): RetrySchedule {
  return {
    firstMs: section.first === undefined ? ENDPOINT_DEFAULTS.retry.firstMs : parseDuration(section.first),
    factor: section.factor ?? ENDPOINT_DEFAULTS.retry.factor,
    maxMs: section.max === undefined ? ENDPOINT_DEFAULTS.retry.maxMs : parseDuration(section.max),
    forMs: section.for === undefined ? ENDPOINT_DEFAULTS.retry.forMs : parseDuration(section.for),
  };
}
