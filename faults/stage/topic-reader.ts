import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Consumer } from '@platformatic/kafka';
import { readEvent } from '../checker/read-event';
import type { TakenNote } from '../receivers/receiver-process';
import { openReceivedLedger } from '../receivers/taker';

export interface TopicReaderOptions {
  readonly broker: string;
  /** Of one partition, so that its order is that of its offsets. */
  readonly topic: string;
  /** The endpoint that writes to it. */
  readonly endpoint: string;
  readonly directory: string;
  readonly onTaken: (note: TakenNote) => void;
}

const AGAIN_AFTER_MS = 500;
const CLOSE_WITHIN_MS = 3_000;

/** Writes down every message of a topic, over deaths of its broker: from its beginning each time, and each once. */
export function readTopicOn({ broker, topic, endpoint, directory, onTaken }: TopicReaderOptions) {
  const ledger = openReceivedLedger(join(directory, `received-${endpoint}.jsonl`), endpoint);
  let next = 0n;
  let isClosing = false;
  let consumer: Consumer | undefined;

  const readOnce = async (): Promise<void> => {
    consumer = new Consumer({ clientId: 'faults', groupId: randomUUID(), bootstrapBrokers: [broker], retries: 0 });
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false, maxWaitTime: 200 });
    for await (const { offset, headers, value } of stream) {
      if (offset < next) continue;
      next = offset + 1n;
      const named = Object.fromEntries([...headers].map(([name, text]) => [String(name), String(text)]));
      const body = Buffer.from(value ?? '');
      const no = ledger.arrived({ id: named['webhook-id'] ?? '', headers: named, body, behaviour: 'ok' });
      ledger.answered(no, 200);
      const { provider, job, type } = readEvent('spec-001', { body });
      onTaken({ endpoint, provider, job, type });
    }
  };
  const closed = async () => {
    await consumer?.close(true);
  };
  const leave = () => Promise.race([closed().catch(() => undefined), sleep(CLOSE_WITHIN_MS)]);
  const reading = (async () => {
    while (!isClosing) {
      // The broker was killed; whatever else it is has to be seen.
      await readOnce().catch((error: unknown) => process.stderr.write(`reader of ${topic}: ${String(error)}\n`));
      await leave();
      if (!isClosing) await sleep(AGAIN_AFTER_MS);
    }
  })();

  return {
    async close(): Promise<void> {
      isClosing = true;
      await leave();
      await Promise.race([reading, sleep(CLOSE_WITHIN_MS)]);
      ledger.close();
    },
  };
}
