import { randomUUID } from 'node:crypto';
import type { ReceivedMessage } from './protocol';
import type { PullStream } from './subscriber';

export interface StreamReader {
  readonly subscription: string;
  /** How many messages Pub/Sub may leave with this stream at once. */
  readonly maxMessages: number;
  readonly signal: AbortSignal;
  /** Called once, when Pub/Sub is known to have taken the stream. */
  connected(): void;
  /** Takes one message; the next is not read before it resolves. */
  receive(message: ReceivedMessage): Promise<void>;
}

/** Longer than anything takes that is done with a message. */
const ACK_DEADLINE_SECONDS = 60;
const MAX_OUTSTANDING_BYTES = 10 * 1024 * 1024;
/** A stream that says nothing for longer is taken for dead. */
const KEEP_ALIVE_MS = 30_000;
/** A refusal comes at once. Headers may come only with the first message, which may be days away. */
const SETTLED_MS = 5_000;

/**
 * Reads a stream to its end.
 * @throws {ServiceError} that ended it; also after the signal, which cancels it
 */
export async function readStream(stream: PullStream, reader: StreamReader): Promise<void> {
  let taken = false;
  const connected = () => {
    if (!taken) reader.connected();
    taken = true;
  };
  // Cancelling makes an error too, when nobody is reading any more.
  stream.on('error', () => {});
  stream.once('metadata', connected);
  const settled = setTimeout(connected, SETTLED_MS);
  const keepAlive = setInterval(() => stream.write({}), KEEP_ALIVE_MS);
  const cancel = () => stream.cancel();
  reader.signal.addEventListener('abort', cancel);

  try {
    stream.write({
      subscription: reader.subscription,
      streamAckDeadlineSeconds: ACK_DEADLINE_SECONDS,
      clientId: randomUUID(),
      maxOutstandingMessages: reader.maxMessages,
      maxOutstandingBytes: MAX_OUTSTANDING_BYTES,
    });
    for await (const { receivedMessages } of stream as AsyncIterable<{
      receivedMessages: readonly ReceivedMessage[];
    }>) {
      connected();
      for (const message of receivedMessages) await reader.receive(message);
    }
  } finally {
    reader.signal.removeEventListener('abort', cancel);
    clearTimeout(settled);
    clearInterval(keepAlive);
    stream.cancel();
  }
}
