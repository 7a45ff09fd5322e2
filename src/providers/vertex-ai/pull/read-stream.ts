import { randomUUID } from 'node:crypto';
import type { ReceivedMessage } from './protocol';
import type { PullStream } from './subscriber';

export interface StreamReader {
  readonly subscription: string;
  /** How many messages may be outstanding on this stream at once. */
  readonly maxMessages: number;
  readonly signal: AbortSignal;
  /** Called once, when Pub/Sub has accepted the stream. */
  onConnected(): void;
  /** Called for each message, one at a time. */
  onMessage(message: ReceivedMessage): Promise<void>;
}

/** Longer than the handling of a message takes. */
const ACK_DEADLINE_SECONDS = 60;
const MAX_OUTSTANDING_BYTES = 10 * 1024 * 1024;
/** Pub/Sub closes a stream without a request for longer than this. */
const KEEP_ALIVE_MS = 30_000;
/** Pub/Sub refuses a stream at once. It may send headers with the first message only, which may be days away. */
const ACCEPTED_AFTER_MS = 5_000;

/**
 * Reads a stream to its end.
 * @throws {ServiceError} the error that ended it; also after the signal, which cancels the stream
 */
export async function readStream(stream: PullStream, reader: StreamReader): Promise<void> {
  let isAccepted = false;
  const accept = () => {
    if (!isAccepted) reader.onConnected();
    isAccepted = true;
  };
  // A cancelled stream emits an error too, after its last reader.
  stream.on('error', () => {});
  stream.once('metadata', accept);
  const acceptance = setTimeout(accept, ACCEPTED_AFTER_MS);
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
      accept();
      for (const message of receivedMessages) await reader.onMessage(message);
    }
  } finally {
    reader.signal.removeEventListener('abort', cancel);
    clearTimeout(acceptance);
    clearInterval(keepAlive);
    stream.cancel();
  }
}
