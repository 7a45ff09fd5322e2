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
  /** Makes the tables that the store needs, or finds them made. */
  setUp(): Promise<void>;
  /**
   * Runs `effect` unless it already succeeded for this key or is running for it somewhere; does not wait for that.
   * @throws what `effect` throws, or what keeps the store from remembering; then nothing is remembered
   */
  once(key: WebhookKey, effect: (context: Context) => Promise<void>): Promise<Settlement>;
  /** Forgets some of what is old enough, never so much that an effect would wait long. True if there is more. */
  prune(): Promise<boolean>;
}

/** Nothing: the store has no transaction to share. */
export type NoContext = Readonly<Record<never, never>>;

export interface RetentionOptions {
  /**
   * How long to remember what was handled, like `30d`, which is the default. Longer than the sender may try, with
   * jobherald 7 days, and than anybody redelivers by hand.
   */
  readonly forgetAfter?: string;
}

export const FORGET_AFTER = '30d';
