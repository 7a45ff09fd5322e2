import { MAX_TIMER_MS, parseDuration } from '../domain/duration';

/** What a receiver deduplicates by. */
export interface WebhookKey {
  /** The receiver's. Letters, digits, `_`, `.` and `-`. */
  readonly name: string;
  /** `webhook-id`. Printable, without space and dot. */
  readonly id: string;
}

export type Settlement =
  /** The effect happened now and is remembered. */
  | 'handled'
  /** It had happened before; nothing was done. */
  | 'duplicate'
  /** Another copy is being handled; nothing was done. */
  | 'busy';

/**
 * Where a receiver remembers what it handled.
 * @typeParam Context what the effect is given: the transaction that it is part of, where the store has one
 */
export interface Store<Context> {
  /** Creates the tables that the store needs, unless they exist. */
  setUp(): Promise<void>;
  /**
   * Runs `effect` unless it already succeeded for this key or is running for it somewhere; does not wait for that.
   * @throws what `effect` throws, or the store's own error; then nothing is remembered
   */
  once(key: WebhookKey, effect: (context: Context) => Promise<void>): Promise<Settlement>;
  /** Deletes some of the entries that are old enough, never so many that an effect would wait long. True if there is more. */
  prune(): Promise<boolean>;
}

/** Empty: the store has no transaction to share. */
export type NoContext = Readonly<Record<never, never>>;

export interface RetentionOptions {
  /**
   * How long to remember handled webhooks, such as `30d`, the default. Must be longer than the sender retries (jobherald:
   * 7 days) and than anybody redelivers by hand.
   */
  readonly forgetAfter?: string;
}

export const FORGET_AFTER = '30d';

/**
 * A duration of the options in milliseconds.
 * @throws {DurationError}
 * @throws {TypeError} for one of 0
 */
export function positiveDuration(name: string, text: string): number {
  const ms = parseDuration(text);
  if (ms === 0) throw new TypeError(`${name} must be more than 0`);
  return ms;
}

/**
 * The same of one that a timer waits for.
 * @throws as {@link positiveDuration}, and {TypeError} for one that no timer can hold
 */
export function checkTimer(name: string, text: string): number {
  const ms = positiveDuration(name, text);
  if (ms > MAX_TIMER_MS) throw new TypeError(`${name} must be at most 24d`);
  return ms;
}

/** The table of {@link sqliteStore} and {@link postgresStore}. */
export const TABLE = 'jobherald_received';

/** How many rows one prune deletes: a few milliseconds' work. */
export const PRUNED_ROWS = 1_000;

export interface TableOptions {
  /** Default: `jobherald_received`. */
  readonly table?: string;
}

/**
 * Checks that the name is safe in SQL without quoting.
 * @throws {TypeError} otherwise
 */
export function checkTableName(table: string, form: RegExp): string {
  if (form.test(table)) return table;
  throw new TypeError(`"${table}" is not a valid table name; use lower-case letters, digits and _`);
}
