import { TERMINAL_EVENT_TYPES } from '../domain/event-type';
import { WATCH_DEFAULTS } from '../providers/watching-of';
import type { WebhookEndpoint } from './config';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What an endpoint is where its configuration, or the submission that gives it inline, says nothing. */
export const ENDPOINT_DEFAULTS = {
  type: 'webhook',
  secret: '',
  events: TERMINAL_EVENT_TYPES,
  hasDefaultEvents: true,
  format: 'standard',
  headers: {},
  limits: { concurrency: 20, perSecond: 0 },
  clientCertificate: { cert: '', key: '' },
  timeoutMs: 15 * SECOND,
  retry: { firstMs: 5 * SECOND, factor: 3, maxMs: 6 * HOUR, forMs: 7 * DAY },
} as const satisfies Omit<WebhookEndpoint, 'name' | 'url'>;

/** What holds where the configuration says nothing: everything on loopback, nobody notified. See docs/configuration.md. */
export const DEFAULTS = {
  temporal: { address: '127.0.0.1:7233', namespace: 'default', retentionMs: 30 * DAY, taskQueue: 'jobherald' },
  // 100 cached workflows weigh some 10 MiB, whatever the number of open jobs: a worker of 450 MiB has room for them.
  worker: { host: '127.0.0.1', port: 8081, maxCachedWorkflows: 100 },
  gateway: { host: '127.0.0.1', port: 8080 },
  codecServer: { host: '127.0.0.1', port: 8082 },
  /** Of every provider that can be asked. */
  poll: { firstMs: 30 * SECOND, factor: 2, maxMs: 10 * MINUTE, lostAfterMs: 10 * MINUTE },
  /** Of every provider whose open jobs are watched together. */
  ...WATCH_DEFAULTS,
} as const;

/** The bounds that durations must keep. */
export const BOUNDS = {
  /** Temporal itself refuses a namespace that forgets sooner. */
  minRetentionMs: HOUR,
  minPollMs: 100,
  minSweepMs: 100,
  /** A job that ended before Temporal forgets would be notified again; so much less of the retention is tracked back. */
  trackMarginMs: DAY,
  /** An attempt holds a slot of its worker for as long. */
  maxTimeoutMs: 10 * MINUTE,
} as const;
