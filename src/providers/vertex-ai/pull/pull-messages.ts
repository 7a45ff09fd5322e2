import { setTimeout as sleep } from 'node:timers/promises';
import { withTimeout } from '../../../async/with-timeout';
import type { VertexAiConfig } from '../config';
import { createInFlight } from './in-flight';
import type { PulledMessage, ReceivedMessage } from './protocol';
import { readStream } from './read-stream';
import { createSubscriber, type PullFault, STREAM_ENDED, type Subscriber, toPullFault } from './subscriber';

export interface PullOptions {
  /** `pubsub.pull.subscription` is not ''. */
  readonly config: Pick<VertexAiConfig, 'insecure' | 'pubsub'>;
  /** Resolves when the message may be acknowledged. When it rejects, Pub/Sub redelivers the message. */
  take(message: PulledMessage): Promise<void>;
  onConnected(): void;
  /** Called for each attempt that fails. Pulling is retried for ever. */
  onDisconnected(fault: PullFault): void;
  /** How long `close` waits for what is in flight. Default 6 s. */
  readonly closeMs?: number | undefined;
}

export interface Pull {
  /** Stops pulling, waits for messages in flight, and hands the rest back. Resolves within 7 s. */
  close(): Promise<void>;
}

/** How many messages one gateway handles at once, and how many may be outstanding. */
export const MAX_MESSAGES = 50;

const CONNECT_MS = 10_000;
const CLOSE_MS = 6_000;
/** How much longer handing back the rest may take. */
const HAND_BACK_MS = 1_000;
const FIRST_PAUSE_MS = 200;
const MAX_PAUSE_MS = 60_000;
/** A stream that lived longer resets the pause. */
const STABLE_MS = 10_000;
const MAX_REDELIVERY_SECONDS = 60;

/**
 * Pulls the messages of a subscription and acknowledges each message only after `take` has resolved.
 *
 * A message that `take` rejects is redelivered after as long as the failures have lasted, 1 to 60 s. Until then Pub/Sub
 * counts it as outstanding, one of {@link MAX_MESSAGES}, so an outage slows the stream down and nothing piles up here.
 */
export function pullMessages({ config, take, onConnected, onDisconnected, closeMs = CLOSE_MS }: PullOptions): Pull {
  const { subscription } = config.pubsub.pull;
  const closing = new AbortController();
  const { signal } = closing;
  const inFlight = createInFlight(MAX_MESSAGES);
  let subscriber: Subscriber | undefined;
  let failingSince: number | undefined;

  const handle = async (to: Subscriber, { ackId, message }: ReceivedMessage): Promise<void> => {
    try {
      if (message) await take(message);
      failingSince = undefined;
    } catch {
      // Counted where it was to be taken, and logged there if it does not pass.
      failingSince ??= Date.now();
      const seconds = Math.round((Date.now() - failingSince) / 1_000);
      return quietly(to.redeliverIn(Math.min(Math.max(seconds, 1), MAX_REDELIVERY_SECONDS), ackId));
    }
    return quietly(to.acknowledge(ackId));
  };

  const pullOnce = async (): Promise<void> => {
    subscriber ??= await createSubscriber(config);
    const to = subscriber;
    await to.connect(CONNECT_MS);
    if (signal.aborted) return;
    await readStream(to.open(), {
      subscription,
      maxMessages: MAX_MESSAGES,
      signal,
      onConnected,
      async onMessage(received) {
        const started = await inFlight.start(received.ackId, () => handle(to, received), signal);
        if (!started) void quietly(to.redeliverIn(0, received.ackId));
      },
    });
  };

  const pullForEver = async (): Promise<void> => {
    let failures = 0;
    while (!signal.aborted) {
      const began = Date.now();
      const fault = await pullOnce().then(
        () => STREAM_ENDED,
        (error: unknown) => toPullFault(error, subscription),
      );
      if (signal.aborted) return;
      onDisconnected(fault);
      failures = Date.now() - began > STABLE_MS ? 1 : failures + 1;
      await sleep(pauseAfter(failures), undefined, { signal }).catch(() => undefined);
    }
  };

  const pulling = pullForEver();
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    closing.abort();
    await settleWithin(closeMs, Promise.all([pulling, inFlight.finished()]));
    const to = subscriber;
    if (to) await settleWithin(HAND_BACK_MS, Promise.all(inFlight.ackIds.map((id) => quietly(to.redeliverIn(0, id)))));
    to?.close();
  };
  return { close: () => (closed ??= close()) };
}

/** Milliseconds, with jitter, so that the gateways of a fleet do not reconnect together. */
function pauseAfter(failures: number): number {
  return Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)) * (0.8 + 0.4 * Math.random());
}

/** A failed acknowledgement is harmless: Pub/Sub redelivers the message, and its hint has the same key. */
async function quietly(call: Promise<void>): Promise<void> {
  await call.catch(() => undefined);
}

/** Whether and how it settles is nothing to wait for any longer: what is not acknowledged by then Pub/Sub redelivers. */
async function settleWithin(ms: number, work: Promise<unknown>): Promise<void> {
  await withTimeout(work, ms, () => new Error('timed out')).catch(() => undefined);
}
