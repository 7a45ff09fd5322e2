/** Tracks the messages of each partition from consumption to commit. Holds values only, no I/O. */
export interface InFlight {
  /** Sets the partitions assigned to this member. Work on the others is aborted; on those that stay it continues. */
  assign(partitions: ReadonlySet<number>): void;
  /** Aborts work on all of them; finished messages can still be committed. */
  abort(reason: Error): void;
  /** Starts a message; undefined if it was started before, or its partition is not assigned to this member. */
  start(message: Place): InFlightMessage | undefined;
  /** What can be committed and has not been: for each partition the offset before which every message is finished. */
  uncommitted(): ReadonlyMap<number, bigint>;
  committed(offsets: ReadonlyMap<number, bigint>): void;
  /** Started, and not yet ready to be committed. */
  readonly size: number;
}

export interface Place {
  readonly partition: number;
  readonly offset: bigint;
}

export interface InFlightMessage {
  /** Aborted when the partition is assigned to another member, or by {@link InFlight.abort}. */
  readonly signal: AbortSignal;
  /** The message is handled, so its offset can be committed. */
  finish(): void;
}

interface Partition {
  readonly revoked: AbortController;
  /** In the order of their offsets. */
  readonly open: { readonly offset: bigint; done: boolean }[];
  /** The next offset to start; undefined before the first message. */
  next: bigint | undefined;
  /** Every message before it is finished. */
  done: bigint | undefined;
  committed: bigint | undefined;
}

export function createInFlight(): InFlight {
  const partitions = new Map<number, Partition>();

  return {
    assign(now) {
      for (const [partition, { revoked }] of partitions) {
        if (now.has(partition)) continue;
        revoked.abort(new Error('the partition is read by another member of the group'));
        partitions.delete(partition);
      }
      for (const partition of now) {
        if (!partitions.has(partition)) partitions.set(partition, newPartition());
      }
    },
    abort(reason) {
      for (const { revoked } of partitions.values()) revoked.abort(reason);
    },
    start({ partition, offset }) {
      const found = partitions.get(partition);
      if (found === undefined || (found.next !== undefined && offset < found.next)) return undefined;
      const entry = { offset, done: false };
      found.open.push(entry);
      found.next = offset + 1n;
      return {
        signal: found.revoked.signal,
        finish() {
          entry.done = true;
          while (found.open[0]?.done) found.done = (found.open.shift() as { offset: bigint }).offset + 1n;
        },
      };
    },
    uncommitted() {
      const ready = [...partitions].filter(([, { done, committed }]) => done !== undefined && done !== committed);
      return new Map(ready.map(([partition, { done }]) => [partition, done as bigint]));
    },
    committed(offsets) {
      for (const [partition, offset] of offsets) {
        const found = partitions.get(partition);
        if (found !== undefined) found.committed = offset;
      }
    },
    get size() {
      let size = 0;
      for (const { open } of partitions.values()) size += open.length;
      return size;
    },
  };
}

function newPartition(): Partition {
  return { revoked: new AbortController(), open: [], next: undefined, done: undefined, committed: undefined };
}
