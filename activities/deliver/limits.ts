import type { EndpointConfig } from '../../src/config/config';
import type { DeliveryRequest } from '../../src/domain/delivery-request';
import { JOB_EVENT_TYPES } from '../../src/domain/event-type';
import { INLINE_ENDPOINT } from '../../src/domain/subscription';

/** Leave to make one attempt, or the time after which to ask again. */
export type Pass =
  | { readonly granted: true; readonly leave: () => void }
  | { readonly granted: false; readonly retryInMs: number; readonly leave: () => void };

/** Attempts at inline endpoints that are under way at once on one worker: they are without number, and anybody's. */
export const INLINE_SLOTS = 20;
/** Of these, what one host takes at most: one that hangs leaves some to the others. */
const INLINE_SLOTS_OF_A_HOST = 15;

/** How soon a delivery that found its endpoint's slots taken asks again, and how late at most. */
const BUSY_RETRY_MS = { min: 100, max: 10_000 } as const;
/** So many are kept in mind before those with nothing to do are looked for. */
const MAX_LOADS = 1_000;
/** How much of what is believed of an attempt's time the last one decides. */
const NEWEST = 0.2;

/** What one endpoint has to do on this worker. */
interface Load {
  /** The attempts under way, oldest first. */
  readonly underWay: Set<{ readonly since: number }>;
  /** How long an attempt takes, ms, of late. */
  attemptMs: number;
  /** From when on the rate allows another attempt. */
  nextSlotAt: number;
  /** When the delivery that was turned away last asks again. */
  lastAskAt: number;
}

/** Slots that an attempt needs one of: an endpoint's own, and for an inline one a host's and those of all inline ones. */
interface Share {
  readonly name: string;
  readonly concurrency: number;
  readonly perSecond: number;
}

/**
 * Bounds how much of this worker one endpoint can take: so many attempts at once, so many a second.
 * A full bulkhead gives its activity slot back instead of holding it, so a hanging endpoint hurts nobody else.
 * Those it turns away ask again one after another, as fast as slots become free: a thousand that wait for an endpoint
 * that hangs must not ask a thousand times a second.
 */
export function createLimits(now: () => number = () => performance.now()) {
  const loads = new Map<string, Load>();
  const loadOf = (name: string): Load => {
    const known = loads.get(name);
    if (known) return known;
    // Hosts of inline endpoints are without number, and one that was turned away by another share never leaves.
    if (loads.size >= MAX_LOADS) for (const [each, load] of loads) if (isIdle(load, now())) loads.delete(each);
    const load: Load = { underWay: new Set(), attemptMs: 0, nextSlotAt: 0, lastAskAt: 0 };
    loads.set(name, load);
    return load;
  };

  const enter = (endpoint: EndpointConfig, eventType: DeliveryRequest['event_type']): Pass => {
    const shares = sharesOf(endpoint, eventType).map((share) => ({ ...share, load: loadOf(share.name) }));
    for (const { load, concurrency, perSecond } of shares) {
      if (concurrency > 0 && load.underWay.size >= concurrency) return refused(askAgainIn(load, concurrency, now()));
      if (perSecond > 0 && load.nextSlotAt > now()) return refused(load.nextSlotAt - now());
    }
    const attempt = { since: now() };
    for (const { load, perSecond } of shares) {
      if (perSecond > 0) load.nextSlotAt = now() + 1000 / perSecond;
      load.underWay.add(attempt);
    }
    return {
      granted: true,
      leave: () => {
        for (const { name, load } of shares) {
          load.underWay.delete(attempt);
          load.attemptMs += NEWEST * (now() - attempt.since - load.attemptMs);
          if (isIdle(load, now()) && loads.get(name) === load) loads.delete(name);
        }
      },
    };
  };

  return { enter };
}

function isIdle({ underWay, lastAskAt, nextSlotAt }: Load, now: number): boolean {
  return underWay.size === 0 && Math.max(lastAskAt, nextSlotAt) <= now;
}

/**
 * The narrower share comes first: an endpoint that fills its own says nothing of the others. What is no part of a job's course
 * takes half of what there is, so that thousands of passed-on events leave room for the end of a job.
 */
function sharesOf(endpoint: EndpointConfig, eventType: DeliveryRequest['event_type']): readonly Share[] {
  const own = ownShares(endpoint);
  if ((JOB_EVENT_TYPES as readonly string[]).includes(eventType)) return own;
  return [...own.map(halfOf), ...own];
}

function halfOf({ name, concurrency, perSecond }: Share): Share {
  return { name: `notices of ${name}`, concurrency: Math.ceil(concurrency / 2), perSecond: perSecond / 2 };
}

function ownShares(endpoint: EndpointConfig): readonly Share[] {
  const { name, limits } = endpoint;
  if (!INLINE_ENDPOINT.test(name)) return [{ name, ...limits }];
  const host = endpoint.type === 'webhook' ? (URL.parse(endpoint.url)?.host ?? '') : '';
  return [
    { name: `inline ${host}`, concurrency: INLINE_SLOTS_OF_A_HOST, perSecond: 0 },
    { name: 'inline', concurrency: INLINE_SLOTS, perSecond: 0 },
  ];
}

/** The next free place in the queue of those that ask again: a slot becomes free each attempt's time ÷ slots. */
function askAgainIn(load: Load, concurrency: number, now: number): number {
  const [oldest] = load.underWay;
  // An endpoint that begins to hang is known by its attempts under way, long before the first of them is over.
  const attemptMs = Math.max(load.attemptMs, oldest ? now - oldest.since : 0);
  const { min, max } = BUSY_RETRY_MS;
  load.lastAskAt = Math.min(Math.max(load.lastAskAt, now) + attemptMs / concurrency, now + max);
  return Math.max(min, load.lastAskAt - now);
}

function refused(retryInMs: number): Pass {
  return { granted: false, retryInMs, leave: () => undefined };
}
