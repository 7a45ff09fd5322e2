import { setTimeout as sleep } from 'node:timers/promises';
import type { VertexAiConfig } from '../../../config/config';
import { ENDED, type PullFault, toPullFault } from './fault';
import { createInFlight } from './in-flight';
import type { PulledMessage, ReceivedMessage } from './protocol';
import { readStream } from './read-stream';
import { createSubscriber, type Subscriber } from './subscriber';

export interface PullOptions {
  /** `pubsub.pull.subscription` is not ''. */
  readonly config: Pick<VertexAiConfig, 'insecure' | 'pubsub'>;
  /** Resolves when Pub/Sub may forget the message; where it rejects, Pub/Sub delivers the message again. */
  take(message: PulledMessage): Promise<void>;
  onConnected(): void;
  /** Nothing is pulled now; it is tried again, for ever. Called at each attempt that fails. */
  onDisconnected(fault: PullFault): void;
  /** How long `close` waits for what is in flight. Default 9 s. */
  readonly closeMs?: number | undefined;
}

export interface Pull {
  /** Stops pulling, lets what is in flight finish, and gives the rest back. Resolves within 10 s. */
  close(): Promise<void>;
}

/** Taken at once, and as many as Pub/Sub leaves with one gateway. */
export const MAX_MESSAGES = 50;

const REACH_MS = 10_000;
const CLOSE_MS = 9_000;
/** What giving the rest back may add to closing. */
const GIVE_BACK_MS = 1_000;
const FIRST_PAUSE_MS = 200;
const MAX_PAUSE_MS = 60_000;
/** A stream that lived for as long ended a row of failures. */
const STABLE_MS = 10_000;
const MAX_HOLD_SECONDS = 60;

/**
 * Pulls the messages of a subscription and acknowledges each only after it was taken.
 *
 * A message that cannot be taken now stays with this gateway, unread, for as long as the trouble has lasted, 1 to 60 s,
 * and comes again then. Pub/Sub counts it against the {@link MAX_MESSAGES} all the while, so that an outage makes a
 * trickle and no storm; nothing piles up here.
 */
export function pullMessages({ config, take, onConnected, onDisconnected, closeMs = CLOSE_MS }: PullOptions): Pull {
  const { subscription } = config.pubsub.pull;
  const closing = new AbortController();
  const { signal } = closing;
  const inFlight = createInFlight(MAX_MESSAGES);
  let subscriber: Subscriber | undefined;
  let troubledSince: number | undefined;

  const work = async (to: Subscriber, { ackId, message }: ReceivedMessage): Promise<void> => {
    try {
      if (message) await take(message);
      troubledSince = undefined;
    } catch {
      troubledSince ??= Date.now();
      const seconds = Math.round((Date.now() - troubledSince) / 1_000);
      return quietly(to.deliverAgainIn(Math.min(Math.max(seconds, 1), MAX_HOLD_SECONDS), ackId));
    }
    return quietly(to.acknowledge(ackId));
  };

  const pullOnce = async (): Promise<void> => {
    subscriber ??= await createSubscriber(config);
    const to = subscriber;
    await to.reach(REACH_MS);
    if (signal.aborted) return;
    await readStream(to.open(), {
      subscription,
      maxMessages: MAX_MESSAGES,
      signal,
      connected: onConnected,
      async receive(received) {
        const started = await inFlight.start(received.ackId, () => work(to, received), signal);
        if (!started) void quietly(to.deliverAgainIn(0, received.ackId));
      },
    });
  };

  const pullForEver = async (): Promise<void> => {
    let failures = 0;
    while (!signal.aborted) {
      const began = Date.now();
      const fault = await pullOnce().then(
        () => ENDED,
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
    await within(closeMs, Promise.all([pulling, inFlight.finished()]));
    const to = subscriber;
    if (to) await within(GIVE_BACK_MS, Promise.all(inFlight.ackIds.map((id) => quietly(to.deliverAgainIn(0, id)))));
    to?.close();
  };
  return { close: () => (closed ??= close()) };
}

/** Milliseconds, with jitter, so that the gateways of a fleet do not come back together. */
function pauseAfter(failures: number): number {
  return Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)) * (0.8 + 0.4 * Math.random());
}

/** What Pub/Sub was not told it delivers again, and the same hint again has the same key. */
async function quietly(told: Promise<void>): Promise<void> {
  await told.catch(() => undefined);
}

async function within(ms: number, done: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  await Promise.race([done, sleep(ms, undefined, { signal: over.signal }).catch(() => undefined)]);
  over.abort();
}
