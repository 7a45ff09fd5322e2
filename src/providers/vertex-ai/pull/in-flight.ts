/** Messages that are being worked on, never more than `max`. */
export interface InFlight {
  /** Starts the work once there is room; false, and nothing started, where the signal came first. */
  start(ackId: string, work: () => Promise<void>, signal: AbortSignal): Promise<boolean>;
  /** Of what is not finished. */
  readonly ackIds: readonly string[];
  /** Resolves when nothing is in flight. */
  finished(): Promise<void>;
}

/** @param max of them at once */
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
