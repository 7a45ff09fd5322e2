import { Counter, Histogram, type Registry } from 'prom-client';
import type { Counters } from '../../activities/dependencies';

/** The worker's own metrics, documented in docs/metrics.md. Endpoint names are configuration, so they are bounded; inline ones are one label. */
export function createCounters(registry: Registry): Counters {
  const providerRequests = new Counter({
    name: 'jobherald_provider_requests_total',
    help: 'Questions to a provider about a job, by result.',
    labelNames: ['provider', 'result'],
    registers: [registry],
  });
  const attempts = new Counter({
    name: 'jobherald_delivery_attempts_total',
    help: 'Attempts to deliver an event, by outcome.',
    labelNames: ['endpoint', 'outcome'],
    registers: [registry],
  });
  const attemptSeconds = new Histogram({
    name: 'jobherald_delivery_attempt_duration_seconds',
    help: 'How long an attempt took.',
    labelNames: ['endpoint'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60],
    registers: [registry],
  });
  const deliveries = new Counter({
    name: 'jobherald_deliveries_total',
    help: 'Deliveries that are settled, by how.',
    labelNames: ['endpoint', 'state'],
    registers: [registry],
  });
  return {
    providerRequest: (provider, result) => providerRequests.inc({ provider, result }),
    attempt: (endpoint, outcome, seconds) => {
      attempts.inc({ endpoint: label(endpoint), outcome });
      attemptSeconds.observe({ endpoint: label(endpoint) }, seconds);
    },
    delivery: (endpoint, state) => deliveries.inc({ endpoint: label(endpoint), state }),
  };
}

function label(endpoint: string): string {
  return endpoint.startsWith('inline-') ? 'inline' : endpoint;
}
