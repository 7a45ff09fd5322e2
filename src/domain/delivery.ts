import type { EventType } from './event-type';
import type { NoticeType } from './notice';

/** One event to one endpoint, with all its attempts, as readers see it. */
export interface Delivery {
  /** `{endpoint}/{event id}`: unique within the run, and the Temporal activity ID. */
  readonly id: string;
  readonly endpoint: string;
  /** The event's type. */
  readonly event: EventType | NoticeType;
  readonly webhook_id: string;
  readonly state: DeliveryState;
  /** The last {@link MAX_LOGGED_ATTEMPTS} attempts, oldest first. */
  readonly attempts: readonly Attempt[];
  /** Attempts made in all, logged or not. */
  readonly attempt_count: number;
  /** Why a delivery ended without reaching its endpoint. */
  readonly reason?: string;
}

/**
 * pending: still to be tried · delivered: the endpoint answered 2xx · exhausted: the retry window is over ·
 * gone: the endpoint said that it does not want this message (410, `webhook-delivery: abort-message`).
 */
export type DeliveryState = 'pending' | SettledState;
export type SettledState = 'delivered' | 'exhausted' | 'gone';

/** One request, numbered from 1. */
export interface Attempt {
  readonly number: number;
  /** When it began, RFC 3339. */
  readonly time: string;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  /** What went wrong, where anything did: `connect ECONNREFUSED …`, `blocked address 10.0.0.1 …`, `HTTP 503`. */
  readonly error?: string;
  /** The IP address that was dialled. */
  readonly address?: string;
  readonly duration_ms: number;
  /** The beginning of a refusing answer's body, at most {@link MAX_EXCERPT_BYTES}. */
  readonly excerpt?: string;
  /** When the next attempt is due, RFC 3339; absent after the last. */
  readonly next_attempt?: string;
}

export const MAX_LOGGED_ATTEMPTS = 50;
export const MAX_EXCERPT_BYTES = 256;

/** How far a pending delivery has come: the `deliver` activity's heartbeat details, kept over its retries. */
export interface DeliveryProgress {
  readonly attempts: readonly Attempt[];
  readonly attempt_count: number;
  /** When the retry window began, epoch ms; null before the first attempt. */
  readonly window_began: number | null;
  /** How long the window stood still (a paused endpoint), ms. */
  readonly paused_ms: number;
  /** Since when it has been found paused, epoch ms; null while it is not. */
  readonly paused_since: number | null;
  /** When it first had to wait for a paused endpoint, epoch ms. */
  readonly waiting_since: number | null;
  /** When the next attempt is due, epoch ms, where another activity or run has made the one before. Absent: now. */
  readonly not_before?: number;
}

export const NO_PROGRESS: DeliveryProgress = {
  attempts: [],
  attempt_count: 0,
  window_began: null,
  paused_ms: 0,
  paused_since: null,
  waiting_since: null,
};
