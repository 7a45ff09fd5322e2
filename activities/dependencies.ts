import type { Client } from '@temporalio/client';
import type { Channels } from '../src/channels/channel';
import type { Config } from '../src/config/config';
import type { Scope, WatchDetails } from '../src/domain/scope-watch';
import type { Provider } from '../src/providers/provider';

/** What the activities reach the world with, made once per worker. */
export interface Dependencies {
  readonly config: Config;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly channels: Channels;
  /** To read the activity's own run. */
  readonly client: Client;
  readonly count: Counters;
  readonly observe: Observations;
  /** Whether open jobs are watched by scope. Off only where Temporal has no visibility: the time-skipping test server. */
  readonly watchScopes: boolean;
  /** From 0 up to 1; for jitter. */
  readonly random: () => number;
}

/** What an operator sees of the watches. See docs/metrics.md. */
export interface Observations {
  sweep(scope: Scope, details: WatchDetails, budgetUsed: number, everyMs: number): void;
}

/** What an operator counts. See docs/metrics.md. */
export interface Counters {
  providerRequest(provider: string, result: 'ok' | 'not_found' | 'permission_denied' | 'unavailable' | 'lost'): void;
  attempt(
    endpoint: string,
    outcome: 'delivered' | 'retry' | 'gone' | 'blocked' | 'missing_endpoint' | 'circuit_open',
    seconds: number,
  ): void;
  delivery(endpoint: string, state: 'delivered' | 'exhausted' | 'gone'): void;
  /** A job is still open when it should have ended. */
  overdue(provider: string): void;
}
