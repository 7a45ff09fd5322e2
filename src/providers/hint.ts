/**
 * An inbound notice about a job: "look now". It wakes the run; it never decides a state.
 */
export interface Hint {
  readonly provider: string;
  /** Canonical job name. */
  readonly job: string;
  /** The sender's idempotency key or the transport's message id: the same hint again has the same key. */
  readonly key: string;
  /** What the sender says of the state, for the log and the run's details only. */
  readonly state?: string;
  readonly message?: string;
}

/** What became of an inbound body: a hint, nothing of interest, or something that can never be used. */
export type ReadHint =
  | { readonly kind: 'hint'; readonly hint: Hint }
  /** Legal and of no interest, e.g. an entry of another service. */
  | { readonly kind: 'ignored'; readonly reason: string }
  /** Can never be used: answered 2xx so that the sender stops, logged and counted. */
  | { readonly kind: 'dead_letter'; readonly reason: string };
