import type { Logger } from 'pino';
import { connectRabbitmq } from '../../../brokers/rabbitmq/connection';
import { type Consuming, consumeQueues, type Verdict } from '../../../brokers/rabbitmq/consume';
import { makeTopology } from '../../../brokers/rabbitmq/topology';
import type { Jobs } from '../../../engine';
import type { Consumer, IngressContext } from '../../ingress';
import { createPatience, reportDeadLetter, resultOf } from '../../take-hint';
import type { MonaiConfig } from '../config';
import { bodyFault } from './body-fault';
import { holding } from './hold';
import { type Taken, type Taker, takeCallback, takeCancellation, takeDispatch } from './take';
import { createUnknownTaskPatience, type WaitingDispatches } from './unknown-task';

export interface MonaiRabbitmqOptions extends Omit<IngressContext, 'jobs'> {
  readonly config: MonaiConfig;
  readonly jobs: Pick<Jobs, 'cancel'>;
  /** How long `close` waits for what is in hand, ms. Default 5 s. */
  readonly closeMs?: number;
  /** How long a message is held while Temporal is away, ms. Default 10 minutes. */
  readonly heldForMs?: number | undefined;
}

const ORIGIN = { provider: 'monai', transport: 'rabbitmq' } as const;
/** Per queue. A callback that waits for an ill Argo takes up one of them for 40 s. */
const PREFETCH = 50;
const CLOSE_MS = 5_000;

/**
 * Takes the Task Manager's place at RabbitMQ: consumes `md.tasks.dispatch`, `md.tasks.callback` and
 * `md.tasks.cancellation`. A message is acknowledged when what it says is safe in Temporal, and refused when it can never be
 * used; while Temporal is away it is held. Without a broker it tries for ever.
 */
export function startMonaiRabbitmq(options: MonaiRabbitmqOptions): Consumer {
  const { config, jobs, inbox, logger, metrics } = options;
  const { exchange, queuePrefix } = config;
  const about = { provider: ORIGIN.provider, exchange };
  const queueOf = (key: string) => `${queuePrefix}${key}`;
  const dispatches = queueOf('md.tasks.dispatch');
  const takers: ReadonlyMap<string, { readonly routingKey: string; readonly take: Taker }> = new Map([
    // Dispatches that are not tracked are left to other consumers.
    ...(config.track.auto ? [entry(queueOf, 'md.tasks.dispatch', takeDispatch(inbox))] : []),
    entry(queueOf, 'md.tasks.callback', takeCallback(inbox)),
    entry(queueOf, 'md.tasks.cancellation', takeCancellation(jobs)),
  ]);
  const queues = [...takers.keys()];
  const inHand = new Map<string, number>();
  let said: string | undefined;

  const setConnected = (is: boolean): void => metrics.pullConnected.set({ provider: ORIGIN.provider }, is ? 1 : 0);
  const lost = (reason: string): void => {
    setConnected(false);
    if (said === reason) return;
    said = reason;
    logger.warn({ ...about, reason }, 'RabbitMQ is not being consumed; connecting again');
  };

  /** Said once, though each queue comes by the exchanges, and again whenever the connection breaks. */
  const otherwise = new Set<string>();
  const foundOtherwise = (what: string): void => {
    if (otherwise.has(what)) return;
    otherwise.add(what);
    logger.info(about, `${what} is there already, made otherwise; used as it is`);
  };

  setConnected(false);
  const connection = connectRabbitmq(config.rabbitmq, { name: 'jobherald gateway', onDown: lost });

  const waitingDispatches = async (): Promise<WaitingDispatches> => {
    if (!takers.has(dispatches)) return { count: 0, hasOtherConsumers: false };
    const { messageCount, consumerCount } = await connection.amqp.queueDeclare({ queue: dispatches, passive: true });
    return { count: messageCount + (inHand.get(dispatches) ?? 0), hasOtherConsumers: consumerCount > 1 };
  };

  /** Messages are held, and it was said. */
  let isTemporalAway = false;

  /** Tries until it is known what becomes of a message. */
  const settle = async (
    queue: string,
    { body: bytes }: { readonly body: Buffer },
    stop: AbortSignal,
    log: Logger,
  ): Promise<Taken | 'given_up'> => {
    const fault = bodyFault(bytes);
    if (fault !== undefined) return { verdict: 'never', reason: fault };
    const attempt = takers.get(queue)?.take(bytes) ?? { verdict: 'never', reason: 'nobody reads this queue' };
    if (typeof attempt !== 'function') return attempt;
    const mayWait = createUnknownTaskPatience(waitingDispatches);
    const isOver = createPatience();
    return holding<Taken>(
      async () => {
        try {
          const taken = await attempt();
          isTemporalAway = false;
          return taken;
        } catch (error) {
          if (!isOver(error)) throw error;
          if (resultOf(error) === 'unknown_job' && (await mayWait())) return 'wait';
          return { verdict: 'never', reason: (error as Error).message };
        }
      },
      {
        stop,
        heldForMs: options.heldForMs,
        onHeld(error) {
          metrics.hints.inc({ ...ORIGIN, result: 'unavailable' });
          log[isTemporalAway ? 'debug' : 'warn'](
            { err: error },
            'messages of MONAI are held until Temporal takes them',
          );
          isTemporalAway = true;
        },
      },
    );
  };

  const consuming: Consuming = consumeQueues(connection, {
    queues,
    prefetch: PREFETCH,
    closeMs: options.closeMs ?? CLOSE_MS,
    prepare: (name) =>
      makeTopology(
        connection,
        {
          exchange,
          deadLetterExchange: `${exchange}-dead-letter`,
          queues: [{ name, routingKey: takers.get(name)?.routingKey ?? name }],
        },
        foundOtherwise,
      ),
    async take(message, queue, stop): Promise<Verdict> {
      const sent = { ...ORIGIN, queue, message_id: message.messageId };
      const log = logger.child(sent);
      inHand.set(queue, (inHand.get(queue) ?? 0) + 1);
      try {
        const taken = await settle(queue, message, stop, log);
        if (taken === 'given_up') {
          log.info('a MONAI message goes back to its queue');
          return 'again';
        }
        const { verdict, job, reason } = taken;
        metrics.hints.inc({ ...ORIGIN, result: verdict === 'done' ? 'accepted' : 'dead_letter' });
        if (verdict === 'done') log.info({ job, reason }, 'MONAI message taken');
        else {
          log.warn({ job, reason }, 'MONAI dead letter');
          reportDeadLetter(
            { notifyOperations: options.notifyOperations, logger },
            sent,
            reason ?? 'it can never be used',
          );
        }
        return verdict;
      } finally {
        inHand.set(queue, (inHand.get(queue) ?? 1) - 1);
      }
    },
    onConsuming() {
      setConnected(true);
      said = undefined;
      logger.info({ ...about, queues }, 'RabbitMQ is being consumed');
    },
    onLost: lost,
  });

  return {
    ready: () => consuming.isConsuming(),
    async close() {
      await consuming.close();
      await connection.close();
      setConnected(false);
    },
  };
}

function entry(queueOf: (key: string) => string, routingKey: string, take: Taker) {
  return [queueOf(routingKey), { routingKey, take }] as const;
}
