/** The messages being handled, at most `max` at once. */
export interface InFlight {
  /** Starts the work once there is a free slot. False: the signal was aborted first, and nothing was started. */
  start(ackId: string, work: () => Promise<void>, signal: AbortSignal): Promise<boolean>;
  /** Of the messages whose work has not finished. */
  readonly ackIds: readonly string[];
  /** Resolves when nothing is in flight. */
  finished(): Promise<void>;
}

export function createInFlight(max: number): InFlight {
  const works = new Map<string, Promise<void>>();

  return {
    async start(ackId, work, signal) {
      while (works.size >= max && !signal.aborted) await Promise.race([...works.values(), aborted(signal)]);
      if (signal.aborted) return false;
      works.set(
        ackId,
        work().finally(() => works.delete(ackId)),
      );
      return true;
    },
    get ackIds() {
      return [...works.keys()];
    },
    async finished() {
      await Promise.all(works.values());
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
