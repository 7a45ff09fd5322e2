import type { EndpointRetry, EndpointSection } from '../../schemas/types';
import { parseDuration } from '../domain/duration';
import type { RetrySchedule } from '../domain/retry-schedule';
import type { EndpointConfig } from './config';
import { ENDPOINT_DEFAULTS } from './defaults';
import type { ResolvePath } from './resolve-config';

export function resolveEndpoint(section: Partial<EndpointSection>, resolvePath: ResolvePath): EndpointConfig {
  return {
    name: section.name ?? '',
    type: section.type ?? ENDPOINT_DEFAULTS.type,
    url: section.url ?? '',
    secret: section.secret ?? ENDPOINT_DEFAULTS.secret,
    events: section.events ?? ENDPOINT_DEFAULTS.events,
    format: section.format ?? ENDPOINT_DEFAULTS.format,
    headers: Object.fromEntries(
      Object.entries(section.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    limits: {
      concurrency: section.limits?.concurrency ?? ENDPOINT_DEFAULTS.limits.concurrency,
      perSecond: section.limits?.per_second ?? ENDPOINT_DEFAULTS.limits.perSecond,
    },
    clientCertificate: {
      cert: resolvePath(section.client_certificate?.cert),
      key: resolvePath(section.client_certificate?.key),
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
