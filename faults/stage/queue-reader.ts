import { join } from 'node:path';
import { Connection } from 'rabbitmq-client';
import { readEvent } from '../checker/read-event';
import type { TakenNote } from '../receivers/receiver-process';
import { openReceivedLedger } from '../receivers/taker';

export interface QueueReaderOptions {
  readonly url: string;
  readonly queue: string;
  /** The endpoint that writes to it. */
  readonly endpoint: string;
  readonly directory: string;
  readonly onTaken: (note: TakenNote) => void;
}

/**
 * Writes down every message of a queue, over deaths of its broker. One at a time: what was not acknowledged when the
 * broker died comes again before anything else does.
 */
export function readQueueOn({ url, queue, endpoint, directory, onTaken }: QueueReaderOptions) {
  const ledger = openReceivedLedger(join(directory, `received-${endpoint}.jsonl`), endpoint);
  const amqp = new Connection({ url, retryLow: 200, retryHigh: 1_000 });
  // Where the broker was killed it connects again by itself.
  const say = (error: unknown) => void process.stderr.write(`reader of ${queue}: ${String(error)}\n`);
  amqp.on('error', say);
  const consumer = amqp.createConsumer(
    { queue, queueOptions: { passive: true }, qos: { prefetchCount: 1 }, concurrency: 1 },
    async (message) => {
      const body = Buffer.isBuffer(message.body) ? message.body : Buffer.from(JSON.stringify(message.body));
      const { messageId = '', type = '', correlationId = '' } = message;
      const headers = { 'message-id': messageId, type, 'correlation-id': correlationId };
      const no = ledger.arrived({ id: messageId, headers, body, behaviour: 'ok' });
      ledger.answered(no, 200);
      const event = readEvent('monai', { body });
      onTaken({ endpoint, provider: event.provider, job: event.job, type: event.type });
    },
  );
  consumer.on('error', say);
  return {
    async close(): Promise<void> {
      amqp.unsafeDestroy();
      ledger.close();
    },
  };
}
