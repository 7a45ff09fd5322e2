import { setTimeout as sleep } from 'node:timers/promises';
import { createKeyedQueues } from '../../async/keyed-queues';
import { withTimeout } from '../../async/with-timeout';
import type { KafkaCluster } from '../../config/config';
import { faultOf, type KafkaFault } from './fault';
import { openGroupSession, type ReceivedMessage } from './group-session';
import { createInFlight } from './in-flight';
import type { LostRange } from './reset-lost-offsets';

export interface ConsumeOptions {
  readonly cluster: KafkaCluster;
  readonly topic: string;
  readonly groupId: string;
  /** Reads a message; no I/O. */
  readonly prepare: (message: ReceivedMessage) => Work;
  /** Called after joining and after each rebalance. */
  readonly onAssigned: (partitions: ReadonlySet<number>) => void;
  /** Called for each failed reconnection, too. */
  readonly onDisconnected: (fault: KafkaFault) => void;
  /** Messages that were deleted before the group had read them. */
  readonly onLost: (lost: LostRange) => void;
  /** It is retried shortly. */
  readonly onCommitFailed: (fault: KafkaFault) => void;
  /** Default: {@link LIMITS}. */
  readonly limits?: Partial<Limits>;
}

/** The work that a message asks for. */
export interface Work {
  /** Work of one key is done in the order of its messages. */
  readonly key: string;
  /**
   * Resolves when the message is handled, however long that takes. Rejects only when the signal is aborted: then the
   * message is consumed again, by this member or another.
   */
  run(signal: AbortSignal): Promise<void>;
}

export interface Consumption {
  /** Finishes the work in progress, commits it and leaves the group, within 6 s. */
  close(): Promise<void>;
}

export interface Limits {
  /** Messages in flight (consumed, not ready to be committed) at which fetching pauses. */
  readonly inFlight: number;
  /** The same in bytes. */
  readonly inFlightBytes: number;
  /** Messages handled concurrently. */
  readonly concurrency: number;
  readonly commitEveryMs: number;
  /** How often to check whether the topic has more partitions. */
  readonly checkPartitionsEveryMs: number;
  /** How long `close` waits for work in progress. */
  readonly drainMs: number;
}

export const LIMITS: Limits = {
  inFlight: 1_000,
  inFlightBytes: 32 * 1024 * 1024,
  concurrency: 64,
  commitEveryMs: 250,
  checkPartitionsEveryMs: 30_000,
  drainMs: 3_000,
};

const FIRST_BACKOFF_MS = 500;
const LAST_BACKOFF_MS = 15_000;
const CLOSE_WITHIN_MS = 6_000;

/**
 * Consumes a topic as a member of a group until it is closed: whatever ends the membership is reported, and it joins
 * again. A message's offset is committed only when it and all before it in its partition are handled.
 */
export function consumeTopic(options: ConsumeOptions): Consumption {
  const stop = new AbortController();
  const run = async (): Promise<void> => {
    let backoffMs = FIRST_BACKOFF_MS;
    while (!stop.signal.aborted) {
      const startedAt = performance.now();
      try {
        await consumeOnce(options, stop.signal);
      } catch (error) {
        options.onDisconnected(faultOf(error));
        // A membership that lasted resets the backoff.
        backoffMs =
          performance.now() - startedAt > 60_000 ? FIRST_BACKOFF_MS : Math.min(2 * backoffMs, LAST_BACKOFF_MS);
        await sleep(backoffMs * (0.5 + Math.random() / 2), undefined, { signal: stop.signal }).catch(() => undefined);
      }
    }
  };
  const done = run();
  return {
    async close() {
      stop.abort(new Error('the consumer is closed'));
      await Promise.race([done, sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);
    },
  };
}

/** One membership. Resolves after the stop, throws what ended it otherwise. */
async function consumeOnce(options: ConsumeOptions, stop: AbortSignal): Promise<void> {
  const { cluster, topic, groupId, prepare, onAssigned, onLost, onCommitFailed } = options;
  const limits = { ...LIMITS, ...options.limits };
  const inFlight = createInFlight();
  const queues = createKeyedQueues(limits.concurrency);
  let bytes = 0;
  let broken: { readonly by: unknown } | undefined;
  let wake = (): void => undefined;

  const session = await openGroupSession({
    cluster,
    topic,
    groupId,
    onLost,
    checkPartitionsEveryMs: limits.checkPartitionsEveryMs,
    onAssigned(partitions) {
      inFlight.assign(partitions);
      wake();
      onAssigned(partitions);
    },
  });
  const end = (): void => {
    session.end();
    wake();
  };
  const begin = (message: ReceivedMessage): void => {
    const started = inFlight.start(message);
    if (started === undefined) return;
    const size = message.value?.length ?? 0;
    bytes += size;
    const { key, run } = prepare(message);
    queues.add(key, async () => {
      try {
        if (started.signal.aborted) return;
        await run(started.signal);
        started.finish();
      } catch (error) {
        if (started.signal.aborted) return;
        broken ??= { by: error };
        end();
      } finally {
        bytes -= size;
        wake();
      }
    });
  };
  const isFull = () => inFlight.size >= limits.inFlight || bytes >= limits.inFlightBytes;
  const untilBelowLimits = async (): Promise<void> => {
    while (isFull() && !stop.aborted && !broken) await new Promise<void>((resolve) => (wake = resolve));
  };
  const commit = async (): Promise<void> => {
    const offsets = inFlight.uncommitted();
    if (offsets.size === 0) return;
    try {
      await session.commit(offsets);
      inFlight.committed(offsets);
    } catch (error) {
      onCommitFailed(faultOf(error));
    }
  };
  const committing = repeat(commit, limits.commitEveryMs);

  stop.addEventListener('abort', end);
  if (stop.aborted) end();
  try {
    for await (const message of session.messages()) {
      begin(message);
      await untilBelowLimits();
      if (broken || stop.aborted) break;
    }
    if (broken) throw broken.by;
    // What is not finished by then is consumed again.
    await withTimeout(queues.idle(), limits.drainMs).catch(() => undefined);
  } finally {
    stop.removeEventListener('abort', end);
    // Work obeys the signal; if it continued, the same messages could be handled twice at once.
    inFlight.abort(new Error('the membership in the group is over'));
    await queues.idle();
    await committing.stop();
    await commit();
    await session.close();
  }
}

/** Runs one at a time, with a pause between. */
function repeat(work: () => Promise<void>, pauseMs: number): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const running = (async () => {
    while (!stopped.signal.aborted) {
      await sleep(pauseMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (!stopped.signal.aborted) await work();
    }
  })();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
