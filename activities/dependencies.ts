import type { Client } from '@temporalio/client';
import type { Channels } from '../src/channels/channel';
import type { Config } from '../src/config/config';
import type { CompletedBy } from '../src/domain/job-run';
import type { Scope, WatchDetails } from '../src/domain/scope-watch';
import type { Provider } from '../src/providers/provider';
import type { Tracer } from '../src/tracing/tracer';

/** What the activities reach the world with, made once per worker. */
export interface Dependencies {
  readonly config: Config;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly channels: Channels;
  /** To read the activity's own run. */
  readonly client: Client;
  readonly count: Counters;
  readonly observe: Observations;
  /** Absent where no spans are recorded. */
  readonly tracer?: Tracer | undefined;
  /** Whether open jobs are watched by scope. Off only where Temporal has no visibility: the time-skipping test server. */
  readonly watchScopes: boolean;
  /** From 0 up to 1; for jitter. */
  readonly random: () => number;
}

/** What an operator sees of the watches. See docs/metrics.md. */
export interface Observations {
  sweep(scope: Scope, details: WatchDetails, budgetUsed: number, everyMs: number): void;
  /** This worker does not watch the scope any more. */
  sweepsEnded(scope: Scope): void;
  /** What the caretaker counts once a minute. */
  counts(counts: Counts): void;
  /** The caretaker is another worker's now. */
  countsEnded(): void;
}

/** How much there is of what an operator looks at, in the whole installation. */
export interface Counts {
  /** Jobs whose end is not known, by provider. */
  readonly openJobs: ReadonlyMap<string, number>;
  readonly pendingDeliveries: readonly PendingCount[];
  readonly pausedEndpoints: number;
}

/** How many jobs have a delivery to an endpoint pending, of those that ended at least so long ago. */
export interface PendingCount {
  /** The name of a configured endpoint; `inline` for all others together. */
  readonly endpoint: string;
  readonly age: PendingAge;
  readonly jobs: number;
}

/** `0`: however long ago, or not yet. */
export const PENDING_AGES = ['0', '1m', '10m', '1h', '1d'] as const;
export type PendingAge = (typeof PENDING_AGES)[number];

/** What an operator counts. See docs/metrics.md. */
export interface Counters {
  providerRequest(
    provider: string,
    result: 'ok' | 'not_found' | 'permission_denied' | 'unreadable' | 'unavailable' | 'lost',
  ): void;
  attempt(
    endpoint: string,
    outcome: 'delivered' | 'retry' | 'gone' | 'blocked' | 'missing_endpoint' | 'circuit_open',
    seconds: number,
  ): void;
  delivery(endpoint: string, state: 'delivered' | 'exhausted' | 'gone'): void;
  /** Nobody can read what the provider answers about a job, and that lasts. */
  unreadable(provider: string): void;
  /** A job is still open when it should have ended. */
  overdue(provider: string): void;
  /** A job has ended, and this has found it out. */
  ended(provider: string, completedBy: CompletedBy): void;
  /** A run was terminated, failed or timed out. */
  brokenRun(workflowType: string): void;
}
