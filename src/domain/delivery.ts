/** One event to one endpoint, with all its attempts. */
export interface Delivery {
  /** `{endpoint}/{event id}`: unique within the run, and the Temporal activity ID. */
  readonly id: string;
  readonly endpoint: string;
  /** The event's type. */
  readonly event: string;
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
export type DeliveryState = 'pending' | 'delivered' | 'exhausted' | 'gone';

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
