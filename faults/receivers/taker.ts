import { closeSync, openSync, writeSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { createReceiver, sqliteStore } from '../../src/receiver';

/** What a receiver does with a webhook that it means to take; resolves with the status that it would answer. */
export type Taker = (
  request: { readonly headers: IncomingHttpHeaders; readonly body: Buffer },
  /** Its handler never settles. */
  isStuck: boolean,
) => Promise<number>;

/** Believes everything and remembers nothing but the ledger. */
export const takeAll: Taker = async (_, isStuck) => (isStuck ? 503 : 204);

/** Shorter than the endpoints' time-out: who waits behind a handler that is stuck has its turn in time. */
const HANDLER_TIMEOUT = '500ms';

/**
 * A receiver as users write it with `jobherald/receiver`: verifies, deduplicates in SQLite, and writes its effect in the
 * same transaction. Nothing keeps a second effect out of the table but the deduplication that is tried.
 */
export async function takeOnce(file: string, name: string, secret: string): Promise<Taker> {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS effects (webhook_id TEXT NOT NULL)');
  const store = sqliteStore(database);
  await store.setUp();
  const stuck = new Set<string>();
  const receiver = createReceiver({
    name,
    store,
    secrets: [secret],
    timeout: HANDLER_TIMEOUT,
    handler: async (webhook, context) => {
      if (stuck.has(webhook.id)) await new Promise<never>(() => {});
      context.database.prepare('INSERT INTO effects (webhook_id) VALUES (?)').run(webhook.id);
    },
  });
  return async ({ headers, body }, isStuck) => {
    const id = String(headers['webhook-id']);
    if (isStuck) stuck.add(id);
    const { status } = await receiver.handle({ method: 'POST', headers, body });
    if (isStuck) stuck.delete(id);
    return status;
  };
}

/** Appends what came, one JSON line each, before anything else is done about it. */
export interface ReceivedLedger {
  /** @returns the attempt's number in this ledger */
  arrived(attempt: {
    readonly id: string;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body: Uint8Array;
    readonly behaviour: string;
  }): number;
  /** What was answered. */
  answered(no: number, status: number): void;
  close(): void;
}

/** @param now the real time, whatever the receiver takes it for */
export function openReceivedLedger(file: string, endpoint: string, now: () => number = Date.now): ReceivedLedger {
  const opened = openSync(file, 'a');
  const write = (line: object) => void writeSync(opened, `${JSON.stringify(line)}\n`);
  let last = 0;
  return {
    arrived({ id, headers, body, behaviour }) {
      const no = ++last;
      const text = Buffer.from(body).toString('base64');
      write({ what: 'arrived', no, at: now(), endpoint, id, headers, body: text, behaviour });
      return no;
    },
    answered: (no, status) => write({ what: 'answered', no, at: now(), status }),
    close: () => closeSync(opened),
  };
}
