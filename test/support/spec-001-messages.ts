import { randomUUID } from 'node:crypto';

type Json = Record<string, unknown>;

/** A STATUS message as a program sends it. `data` and `meta` change or add members. */
export function statusMessage({ data = {}, meta = {} }: { readonly data?: Json; readonly meta?: Json } = {}) {
  return {
    meta: metaOf(meta),
    data: { notification_type: 'STATUS', status: 'RUNNING', ...data },
  };
}

/** A HEARTBEAT message. */
export function heartbeatMessage({ data = {}, meta = {} }: { readonly data?: Json; readonly meta?: Json } = {}) {
  return {
    meta: metaOf(meta),
    data: { notification_type: 'HEARTBEAT', heartbeat_deadline_seconds: 60, ...data },
  };
}

function metaOf(changes: Json) {
  return {
    idempotency_key: randomUUID() as string,
    correlation_id: randomUUID() as string,
    source: { application: 'forecast', version: '7', environment_type: 'test' },
    version: '1.1.0',
    ...changes,
  };
}

/** One result of each type. */
export const RESULTS = [
  {
    type: 'ABS_FILES',
    storage_account: 'acct',
    container: 'out',
    paths: ['a/1.csv', 'a/2.csv'],
    primary_resource: 'p',
  },
  { type: 'ABS_DIRECTORY', storage_account: 'acct', container: 'out', directory: 'day=1', primary_resource: 'p' },
  { type: 'SNOWFLAKE_TABLE', query: 'SELECT 1', primary_resource: 'orders' },
] as const;
