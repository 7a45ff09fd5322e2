import type { EventType } from './event-type';
import type { NoticeType } from './notice';
import { jsonBytes } from './text-size';

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

/** Why a delivery is gone that was still to be made when something newer came: nobody needs it any more. */
export const OVERTAKEN = 'overtaken';

/** So many settled deliveries of a job are kept; the others are counted. */
export const MAX_SETTLED = 50;

/** How many deliveries of a job are settled, by what became of them. */
export type SettledCounts = Readonly<Record<SettledState, number>>;

/** The last settled deliveries of a list, and all that are pending, in their order. */
export function withLastSettled<T extends Pick<Delivery, 'state'>>(deliveries: readonly T[]): T[] {
  let toDrop = deliveries.filter(({ state }) => state !== 'pending').length - MAX_SETTLED;
  return deliveries.filter(({ state }) => state === 'pending' || toDrop-- <= 0);
}

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
  /** When it was last looked up whether something newer has come, epoch ms. Absent: never. */
  readonly looked_at?: number;
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

/** How much the attempts of one delivery may take, wherever they are recorded. */
export const MAX_ATTEMPTS_BYTES = 15 * 1024;
/** The excerpts of these last attempts are kept longest. */
const EXCERPTS_KEPT = 5;

/** The last attempts, as far as they fit: the older ones lose their excerpts first. */
export function boundedAttempts(attempts: readonly Attempt[], maxBytes = MAX_ATTEMPTS_BYTES): readonly Attempt[] {
  const last = attempts.slice(-MAX_LOGGED_ATTEMPTS);
  if (jsonBytes(last) <= maxBytes) return last;
  const withExcerpts = Math.max(0, last.length - EXCERPTS_KEPT);
  const smaller = last.map((attempt, i) => (i < withExcerpts ? withoutExcerpt(attempt) : attempt));
  let first = smaller.length;
  let bytes = 2;
  while (first > 0) {
    bytes += jsonBytes(smaller[first - 1]) + 1;
    if (bytes > maxBytes) break;
    first--;
  }
  return smaller.slice(first);
}

function withoutExcerpt({ excerpt: _, ...attempt }: Attempt): Attempt {
  return attempt;
}

/** What the attempts of all deliveries in one result may take together. */
const MAX_ALL_ATTEMPTS_BYTES = 384 * 1024;

/** Deliveries with the last of their attempts, so that many endpoints with many failures fit into one result. */
export function withBoundedAttempts(deliveries: readonly Delivery[]): Delivery[] {
  const each = Math.min(MAX_ATTEMPTS_BYTES, Math.floor(MAX_ALL_ATTEMPTS_BYTES / Math.max(1, deliveries.length)));
  return deliveries.map((delivery) => ({ ...delivery, attempts: boundedAttempts(delivery.attempts, each) }));
}
