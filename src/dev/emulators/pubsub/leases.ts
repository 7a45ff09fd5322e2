/** A message in a subscription. */
export interface StoredMessage<M> {
  readonly id: string;
  readonly message: M;
  /** The number of deliveries. */
  deliveries: number;
}

export interface Leases<M> {
  add(id: string, message: M): void;
  /** Leases the oldest free message under `ackId` for this many seconds. */
  lease(ackId: string, seconds: number): StoredMessage<M> | undefined;
  acknowledge(ackId: string): void;
  /** 0 seconds: ends the lease. */
  extend(ackId: string, seconds: number): void;
  /** Ends every lease now, as its deadline does. */
  expireAll(): void;
  /** Whether the lease has neither ended nor been acknowledged. */
  holds(ackId: string): boolean;
  /** Ids of the messages that are not acknowledged, oldest first. */
  readonly unacknowledged: readonly string[];
  close(): void;
}

/**
 * The messages of one subscription. Each is free, or leased to one reader until a deadline.
 * @param changed called when a message becomes free or a lease ends
 */
export function createLeases<M>(changed: () => void): Leases<M> {
  const messages = new Map<string, StoredMessage<M>>();
  const leases = new Map<string, { readonly id: string; timer: NodeJS.Timeout }>();
  const leased = new Set<string>();

  const end = (ackId: string): string | undefined => {
    const lease = leases.get(ackId);
    if (!lease) return undefined;
    clearTimeout(lease.timer);
    leases.delete(ackId);
    leased.delete(lease.id);
    return lease.id;
  };
  const free = (ackId: string): void => {
    if (end(ackId) !== undefined) changed();
  };
  const expiry = (ackId: string, seconds: number) => setTimeout(() => free(ackId), seconds * 1_000).unref();

  return {
    add(id, message) {
      messages.set(id, { id, message, deliveries: 0 });
      changed();
    },
    lease(ackId, seconds) {
      const next = [...messages.values()].find(({ id }) => !leased.has(id));
      if (!next) return undefined;
      next.deliveries += 1;
      leased.add(next.id);
      leases.set(ackId, { id: next.id, timer: expiry(ackId, seconds) });
      return next;
    },
    acknowledge(ackId) {
      const id = end(ackId);
      if (id === undefined) return;
      messages.delete(id);
      changed();
    },
    extend(ackId, seconds) {
      const lease = leases.get(ackId);
      if (!lease) return;
      if (seconds === 0) return free(ackId);
      clearTimeout(lease.timer);
      lease.timer = expiry(ackId, seconds);
    },
    expireAll() {
      for (const ackId of [...leases.keys()]) free(ackId);
    },
    holds: (ackId) => leases.has(ackId),
    get unacknowledged() {
      return [...messages.keys()];
    },
    close() {
      for (const { timer } of leases.values()) clearTimeout(timer);
    },
  };
}
