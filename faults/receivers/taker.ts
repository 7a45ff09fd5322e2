import type { IncomingHttpHeaders } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { createReceiver, sqliteStore } from '../../src/receiver';

/** What a receiver does with a webhook that it means to take; resolves with the status that it would answer. */
export type Taker = (request: { readonly headers: IncomingHttpHeaders; readonly body: Buffer }) => Promise<number>;

/** Believes everything and remembers nothing but the ledger. */
export const takeAll: Taker = async () => 204;

/**
 * A receiver as users write it with `jobherald/receiver`: verifies, deduplicates in SQLite, and writes its effect in the
 * same transaction. Nothing keeps a second effect out of the table but the deduplication that is tried.
 */
export async function takeOnce(file: string, name: string, secret: string): Promise<Taker> {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS effects (webhook_id TEXT NOT NULL)');
  const store = sqliteStore(database);
  await store.setUp();
  const receiver = createReceiver({
    name,
    store,
    secrets: [secret],
    handler: (webhook, context) => {
      context.database.prepare('INSERT INTO effects (webhook_id) VALUES (?)').run(webhook.id);
    },
  });
  return async ({ headers, body }) => (await receiver.handle({ method: 'POST', headers, body })).status;
}
