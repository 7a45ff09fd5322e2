import { Connection } from 'rabbitmq-client';
import { BrokerFault } from './fault';

export interface ConnectionOptions {
  /** Shown in RabbitMQ's own list of connections. */
  readonly name: string;
  /** Connected, for the first time or again. */
  readonly onUp?: () => void;
  /** Disconnected, and reconnecting. Called once for each time that it breaks. */
  readonly onDown?: (reason: string) => void;
}

/** A connection that reconnects whenever it breaks, until it is closed. */
export interface RabbitmqConnection {
  readonly amqp: Connection;
  isUp(): boolean;
  /**
   * Resolves when connected.
   * @throws {BrokerFault} after `withinMs`, with the reason
   */
  untilUp(withinMs: number): Promise<void>;
  /** Waits a moment for open channels; whatever has no response by then is lost. */
  close(): Promise<void>;
}

const SECOND = 1_000;
/** The library's own 30 s would outlast an outage by half a minute. */
const LONGEST_PAUSE_MS = 5 * SECOND;
const CONNECT_TIMEOUT_MS = 5 * SECOND;
/** A broker that a middlebox has cut off is noticed after two of these. */
const HEARTBEAT_SECONDS = 10;
/** How long closing may wait for channels. */
const CLOSE_MS = 1.5 * SECOND;

/**
 * Starts to connect; never throws.
 * @param url `amqp://` or `amqps://`; without a user it is RabbitMQ's `guest`
 */
export function connectRabbitmq(url: string, { name, onUp, onDown }: ConnectionOptions): RabbitmqConnection {
  let fault = 'not connected yet';
  let blocked: string | undefined;
  const amqp = new Connection({
    url: withUser(url),
    connectionName: name,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    acquireTimeout: CONNECT_TIMEOUT_MS,
    retryLow: SECOND,
    retryHigh: LONGEST_PAUSE_MS,
    heartbeat: HEARTBEAT_SECONDS,
  });
  // Every attempt that waits for the connection adds a listener.
  amqp.setMaxListeners(0);
  amqp.on('connection', () => {
    blocked = undefined;
    onUp?.();
  });
  amqp.on('error', (error: Error) => {
    fault = error.message;
    // The library also reports channels here that break while the connection is up.
    if (!amqp.ready) onDown?.(fault);
  });
  amqp.on('connection.blocked', (reason) => {
    blocked = reason;
  });
  amqp.on('connection.unblocked', () => {
    blocked = undefined;
  });

  return {
    amqp,
    isUp: () => amqp.ready,
    async untilUp(withinMs) {
      try {
        await amqp.onConnect(Math.max(1, withinMs), true);
      } catch (error) {
        const text = blocked === undefined ? `no connection: ${fault}` : `RabbitMQ takes no messages: ${blocked}`;
        throw new BrokerFault('passing', text, { cause: error });
      }
    },
    async close() {
      let overdue: NodeJS.Timeout | undefined;
      // It waits for channels to respond, which an unreachable broker never does.
      await Promise.race([
        amqp.close(),
        new Promise<void>((resolve) => {
          overdue = setTimeout(resolve, CLOSE_MS);
        }),
      ]);
      clearTimeout(overdue);
      amqp.unsafeDestroy();
    },
  };
}

/** The library treats a URL without a user as one with an empty name. */
function withUser(url: string): string {
  const parsed = new URL(url);
  if (parsed.username !== '') return url;
  parsed.username = 'guest';
  parsed.password = 'guest';
  return parsed.href;
}
