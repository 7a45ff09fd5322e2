import { unlessAborted } from '../../../async/unless-aborted';

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
      while (works.size >= max && !signal.aborted) {
        await unlessAborted(Promise.race(works.values()), signal).catch(() => undefined);
      }
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
