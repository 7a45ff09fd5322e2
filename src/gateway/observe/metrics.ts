import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { IngressMetrics } from '../../providers/ingress';

/** The gateway's numbers. Every label has a bounded set of values: no job, path or address is one. */
export interface GatewayMetrics extends IngressMetrics {
  readonly registry: Registry;
  /** `status` is the HTTP status, or `aborted` where the client went away first. */
  readonly requests: Counter<'route' | 'method' | 'status'>;
  /** Seconds. */
  readonly duration: Histogram<'route' | 'method' | 'status'>;
}

/** @param shared a registry whose owner collects the process metrics; absent: a new one, with them */
export function createMetrics(shared?: Registry): GatewayMetrics {
  const registry = shared ?? new Registry();
  if (shared === undefined) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const labelNames = ['route', 'method', 'status'] as const;
  return {
    registry,
    requests: new Counter({
      name: 'jobherald_http_requests_total',
      help: 'HTTP requests answered by the gateway.',
      labelNames,
      registers,
    }),
    duration: new Histogram({
      name: 'jobherald_http_request_duration_seconds',
      help: 'Time from the head of a request to the end of its answer.',
      labelNames,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    hints: new Counter({
      name: 'jobherald_hints_total',
      help: 'Inbound notices, by what became of them.',
      labelNames: ['provider', 'transport', 'result'],
      registers,
    }),
    pullConnected: new Gauge({
      name: 'jobherald_pull_connected',
      help: 'Whether the messages of a subscription are being pulled: 1 or 0.',
      labelNames: ['provider'],
      registers,
    }),
  };
}
