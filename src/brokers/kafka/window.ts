/** What of a topic's partitions has been taken and is not done with. Pure: it holds values and no promises but theirs. */
export interface Window {
  /** From now on these are ours. Work on others is given up; what is under way in those that stay goes on. */
  assign(partitions: ReadonlySet<number>): void;
  /** Work on all of them is given up; what is done with can still be committed. */
  giveUp(reason: Error): void;
  /** Begins with a message; undefined where it has been taken before, or is not ours. */
  take(message: Place): Taken | undefined;
  /** What can be committed and has not been: for each partition the offset before which all is done with. */
  uncommitted(): ReadonlyMap<number, bigint>;
  committed(offsets: ReadonlyMap<number, bigint>): void;
  /** Taken, and not yet fit to be committed. */
  readonly size: number;
}

export interface Place {
  readonly partition: number;
  readonly offset: bigint;
}

export interface Taken {
  /** Aborted when the partition is another's, or all is given up. */
  readonly signal: AbortSignal;
  /** The message is done with. */
  finish(): void;
}

interface Partition {
  readonly gone: AbortController;
  /** In the order of their offsets. */
  readonly open: { readonly offset: bigint; done: boolean }[];
  /** The next offset to take; undefined before the first message. */
  next: bigint | undefined;
  /** All before it is done with. */
  done: bigint | undefined;
  committed: bigint | undefined;
}

export function createWindow(): Window {
  const partitions = new Map<number, Partition>();

  return {
    assign(now) {
      for (const [partition, { gone }] of partitions) {
        if (now.has(partition)) continue;
        gone.abort(new Error('the partition is read by another member of the group'));
        partitions.delete(partition);
      }
      for (const partition of now) {
        if (!partitions.has(partition)) partitions.set(partition, newPartition());
      }
    },
    giveUp(reason) {
      for (const { gone } of partitions.values()) gone.abort(reason);
    },
    take({ partition, offset }) {
      const found = partitions.get(partition);
      if (found === undefined || (found.next !== undefined && offset < found.next)) return undefined;
      const entry = { offset, done: false };
      found.open.push(entry);
      found.next = offset + 1n;
      return {
        signal: found.gone.signal,
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
  return { gone: new AbortController(), open: [], next: undefined, done: undefined, committed: undefined };
}
