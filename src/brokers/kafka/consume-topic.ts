import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaCluster } from '../../config/config';
import { faultOf, type KafkaFault } from './fault';
import { openGroupSession, type ReceivedMessage } from './group-session';
import { withKafkaTimeout } from './kafka-timeout';
import { createLanes } from './lanes';
import type { LostRange } from './mend-offsets';
import { createWindow } from './window';

export interface ConsumeOptions {
  readonly cluster: KafkaCluster;
  readonly topic: string;
  readonly groupId: string;
  /** Reads a message; no I/O. */
  readonly prepare: (message: ReceivedMessage) => Work;
  /** Told at the beginning and after each rebalance. */
  readonly onAssigned: (partitions: ReadonlySet<number>) => void;
  /** Told at each failed try to come back, too. */
  readonly onDisconnected: (fault: KafkaFault) => void;
  /** Messages that were deleted before the group had read them. */
  readonly onLost: (lost: LostRange) => void;
  /** It is tried again in a moment. */
  readonly onCommitFailed: (fault: KafkaFault) => void;
  /** Default: {@link LIMITS}. */
  readonly limits?: Partial<Limits>;
}

/** What a message asks to be done. */
export interface Work {
  /** Work of one lane is done in the order of its messages. */
  readonly lane: string;
  /**
   * Resolves when the message is done with, and may take for ever. It has no other way to fail than the signal's: then
   * the message comes again, here or elsewhere.
   */
  run(signal: AbortSignal): Promise<void>;
}

export interface Consumption {
  /** Finishes what is under way, commits it and leaves the group, within 10 s. */
  close(): Promise<void>;
}

export interface Limits {
  /** Messages that have been taken and cannot be committed yet; no more are fetched then. */
  readonly window: number;
  /** And their bytes. */
  readonly bytes: number;
  /** Messages in work at once. */
  readonly lanes: number;
  readonly commitEveryMs: number;
  /** How often to look whether the topic has more partitions. */
  readonly lookEveryMs: number;
  /** How long `close` waits for what is under way. */
  readonly drainMs: number;
}

export const LIMITS: Limits = {
  window: 1_000,
  bytes: 32 * 1024 * 1024,
  lanes: 64,
  commitEveryMs: 250,
  lookEveryMs: 30_000,
  drainMs: 4_000,
};

const FIRST_BACKOFF_MS = 500;
const LAST_BACKOFF_MS = 15_000;
const CLOSE_WITHIN_MS = 9_500;

/**
 * Consumes a topic as a member of a group, for ever: what ends the membership is told, and it begins again. A message's
 * offset is committed only when it and all before it in its partition are done with.
 */
export function consumeTopic(options: ConsumeOptions): Consumption {
  const stop = new AbortController();
  const forEver = async (): Promise<void> => {
    let backoffMs = FIRST_BACKOFF_MS;
    while (!stop.signal.aborted) {
      const startedAt = performance.now();
      try {
        await consumeOnce(options, stop.signal);
      } catch (error) {
        options.onDisconnected(faultOf(error));
        // A membership that lasted says that it was not in vain to try.
        backoffMs =
          performance.now() - startedAt > 60_000 ? FIRST_BACKOFF_MS : Math.min(2 * backoffMs, LAST_BACKOFF_MS);
        await sleep(backoffMs * (0.5 + Math.random() / 2), undefined, { signal: stop.signal }).catch(() => undefined);
      }
    }
  };
  const done = forEver();
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
  const window = createWindow();
  const lanes = createLanes(limits.lanes);
  let bytes = 0;
  let broken: { readonly by: unknown } | undefined;
  let wake = (): void => undefined;

  const session = await openGroupSession({
    cluster,
    topic,
    groupId,
    onLost,
    lookEveryMs: limits.lookEveryMs,
    onAssigned(partitions) {
      window.assign(partitions);
      wake();
      onAssigned(partitions);
    },
  });
  const end = (): void => {
    session.end();
    wake();
  };
  const begin = (message: ReceivedMessage): void => {
    const taken = window.take(message);
    if (taken === undefined) return;
    const size = message.value?.length ?? 0;
    bytes += size;
    const { lane, run } = prepare(message);
    lanes.add(lane, async () => {
      try {
        if (taken.signal.aborted) return;
        await run(taken.signal);
        taken.finish();
      } catch (error) {
        if (taken.signal.aborted) return;
        broken ??= { by: error };
        end();
      } finally {
        bytes -= size;
        wake();
      }
    });
  };
  const isFull = () => window.size >= limits.window || bytes >= limits.bytes;
  const whenRoom = async (): Promise<void> => {
    while (isFull() && !stop.aborted && !broken) await new Promise<void>((resolve) => (wake = resolve));
  };
  const commit = async (): Promise<void> => {
    const offsets = window.uncommitted();
    if (offsets.size === 0) return;
    try {
      await session.commit(offsets);
      window.committed(offsets);
    } catch (error) {
      onCommitFailed(faultOf(error));
    }
  };
  const committing = keepDoing(commit, limits.commitEveryMs);

  stop.addEventListener('abort', end);
  if (stop.aborted) end();
  try {
    for await (const message of session.messages()) {
      begin(message);
      await whenRoom();
      if (broken || stop.aborted) break;
    }
    if (broken) throw broken.by;
    // What is not done by then comes again.
    await withKafkaTimeout(lanes.idle(), limits.drainMs).catch(() => undefined);
  } finally {
    stop.removeEventListener('abort', end);
    // Work obeys the signal; were it to go on, the same messages could be in work twice.
    window.giveUp(new Error('the membership in the group is over'));
    await lanes.idle();
    await committing.stop();
    await commit();
    await session.close();
  }
}

/** Once at a time, with a pause between. */
function keepDoing(what: () => Promise<void>, pauseMs: number): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const doing = (async () => {
    while (!stopped.signal.aborted) {
      await sleep(pauseMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (!stopped.signal.aborted) await what();
    }
  })();
  return {
    async stop() {
      stopped.abort();
      await doing;
    },
  };
}
