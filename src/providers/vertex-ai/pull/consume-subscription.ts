import { createBoundedMap } from '../../../async/bounded-map';
import type { ReadHint } from '../../hint';
import type { Consumer } from '../../ingress';
import { createPatience, type HintTaker, MAX_HINT_BYTES, reportDeadLetter, takeHint } from '../../take-hint';
import type { VertexAiConfig } from '../config';
import { readPubsubMessage } from '../hints/pubsub';
import type { PulledMessage } from './protocol';
import { pullMessages } from './pull-messages';
import type { PullFault } from './subscriber';

export interface PubsubPullOptions extends HintTaker {
  readonly config: VertexAiConfig;
  /** How long `close` waits for what is in flight. Default 6 s. */
  readonly closeMs?: number;
}

const MAX_REMEMBERED = 1_000;
const ORIGIN = { provider: 'vertex-ai', transport: 'pubsub_pull' } as const;

/**
 * Takes the hints of the configured subscription. A message is acknowledged only when its hint is safe in Temporal, or
 * when it is of no use and would be of none if it came again, as on the push route. Without Pub/Sub it tries for ever.
 */
export function startPubsubPull({ config, closeMs, ...taker }: PubsubPullOptions): Consumer {
  const { logger, metrics } = taker;
  const { subscription } = config.pubsub.pull;
  const about = { provider: ORIGIN.provider, subscription };
  let connected = false;
  let said: PullFault['code'] | undefined;
  const setConnected = (is: boolean): void => {
    connected = is;
    metrics.pullConnected.set({ provider: ORIGIN.provider }, is ? 1 : 0);
  };

  /** Of the messages that could not be taken, since their first failure. */
  const patience = createBoundedMap<string, ReturnType<typeof createPatience>>(MAX_REMEMBERED);
  const take = async (message: PulledMessage): Promise<void> => {
    const { messageId } = message;
    try {
      await takeHint(hintOf(message, config), { message_id: messageId }, ORIGIN, taker);
    } catch (error) {
      const isOver = patience.get(messageId) ?? createPatience();
      if (!isOver(error)) {
        patience.set(messageId, isOver);
        throw error;
      }
      const reason = error instanceof Error ? error.message : String(error);
      metrics.hints.inc({ ...ORIGIN, result: 'dead_letter' });
      logger.error({ ...about, message_id: messageId, err: error }, 'a message cannot be taken, and is passed');
      reportDeadLetter(taker, { ...ORIGIN, message_id: messageId }, reason);
    }
    patience.delete(messageId);
  };

  setConnected(false);
  const pull = pullMessages({
    config,
    closeMs,
    take,
    onConnected() {
      setConnected(true);
      said = undefined;
      logger.info(about, 'Pub/Sub pull is connected');
    },
    onDisconnected({ code, text }) {
      const routine = code === 'ended' || (connected && code === 'unavailable');
      setConnected(false);
      if (said === code) return;
      said = code;
      logger[routine ? 'info' : 'warn']({ ...about, reason: text }, 'Pub/Sub pull is not connected; connecting again');
    },
  });
  return {
    ready: () => connected,
    async close() {
      await pull.close();
      setConnected(false);
    },
  };
}

function hintOf(message: PulledMessage, { projects }: VertexAiConfig): ReadHint {
  if (message.data.length > MAX_HINT_BYTES) {
    return { kind: 'dead_letter', reason: 'the message has more than 1 MiB, which no hint needs' };
  }
  return readPubsubMessage({ ...message }, projects);
}
